package io.hypertoken.server.bridge;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;

/// Has a long observation, and a picture.
public final class Big implements Environment, Renders {
    public static final Spec SPEC = Spec.of("big", 1)
            .option("size", integers(1, 1_000_000), 1000)
            .episodeOption("level", integers(0, 100), 5, "How hard.")
            .observes(options -> box(-1, 1, options.integer("size")))
            .acts("go")
            .masks(MaskMeaning.NONE)
            .creates(options -> new Big());

    @Override
    public void reset(Step step) {}

    @Override
    public void step(Step step) {}

    @Override
    public void observe(int agent, View view) {}

    @Override
    public String text(int agent) {
        return "big";
    }

    @Override
    public Frame frame() {
        return new Frame(2, 2, new byte[12]);
    }
}
