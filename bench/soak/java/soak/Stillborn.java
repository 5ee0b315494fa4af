package soak;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/// Cannot be made: its constructor throws what it is told to, when its columns already stand.
public final class Stillborn implements Environment {
    public static final Spec SPEC = Spec.of("soak-stillborn", 1)
            .option("dies", OptionType.choice("exception", "overflow", "assertion", "class"), "exception")
            .option("size", OptionType.integers(1, 1_000_000), 1_000)
            .observes(o -> Spaces.box(-1, 1, o.integer("size")))
            .acts("go")
            .masks(MaskMeaning.NONE)
            .creates(Stillborn::new);

    Stillborn(Options options) {
        switch (options.text("dies")) {
            case "overflow" -> recurse(0);
            case "assertion" -> throw new AssertionError("stillborn");
            case "class" -> throw new NoClassDefFoundError("soak/Missing");
            default -> throw new IllegalStateException("stillborn");
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + depth;
    }

    @Override
    public void reset(Step step) {}

    @Override
    public void step(Step step) {}

    @Override
    public void observe(int agent, View view) {}
}
