package io.hypertoken.learn.onnx;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.learn.space.Features;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Space;
import java.util.List;

/// Shows random elements of its observation space, under random masks.
final class Noise implements Environment {
    private final List<Features.Part> parts;
    private final int flags;
    private final double[] seen;
    private final boolean[] allowed;

    private Noise(Space observations, Space actions, boolean masked) {
        parts = new Features(observations).parts();
        flags = masked ? actions.maskSize() : 0;
        seen = new double[parts.stream().mapToInt(Features.Part::elements).sum()];
        allowed = new boolean[flags];
    }

    static Spec of(Space observations, Space actions, boolean masked) {
        return Spec.of("noise", 1)
                .observes(observations)
                .acts(actions)
                .masks(masked ? MaskMeaning.ADVISORY : MaskMeaning.NONE)
                .creates((Options options) -> new Noise(observations, actions, masked));
    }

    @Override
    public void reset(Step s) {
        draw(s.random());
    }

    @Override
    public void step(Step s) {
        draw(s.random());
    }

    private void draw(Generator random) {
        int at = 0;
        for (Features.Part part : parts) {
            for (int k = 0; k < part.elements(); k++) {
                seen[at++] = part.oneHot() ? part.start() + random.integers(part.sizes()[k]) : random.integers(-9, 9);
            }
        }
        // Now and then all is forbidden, in one dimension or in all.
        double share = random.random();
        for (int k = 0; k < flags; k++) {
            allowed[k] = random.random() < share;
        }
    }

    @Override
    public void observe(int agent, View v) {
        int at = 0;
        for (Features.Part part : parts) {
            for (int k = 0; k < part.elements(); k++) {
                v.set(part.leaf(), k, part.oneHot() ? (long) seen[at++] : seen[at++]);
            }
        }
        for (int k = 0; k < flags; k++) {
            v.allow(k, allowed[k]);
        }
    }
}
