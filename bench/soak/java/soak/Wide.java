package soak;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/// Shows as many numbers as it is told to: a small question with a big answer.
public final class Wide implements Environment {
    public static final Spec SPEC = Spec.of("soak-wide", 1)
            .option("size", OptionType.integers(1, 1_000_000), 1_000)
            .observes(o -> Spaces.box(-1, 1, o.integer("size")))
            .acts("go")
            .masks(MaskMeaning.NONE)
            .creates(o -> new Wide());

    @Override
    public void reset(Step step) {}

    @Override
    public void step(Step step) {}

    @Override
    public void observe(int agent, View view) {}
}
