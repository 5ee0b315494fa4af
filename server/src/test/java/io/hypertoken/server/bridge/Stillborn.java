package io.hypertoken.server.bridge;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;

/// Its constructor throws, in more ways than one.
public final class Stillborn implements Environment {
    public static final Spec SPEC = Spec.of("stillborn", 1)
            .option("with", choice("exception", "overflow", "assertion", "missing", "nothing"), "exception")
            .option("size", integers(1, 1_000_000), 10)
            .observes(options -> box(-1, 1, options.integer("size")))
            .acts("go")
            .masks(MaskMeaning.NONE)
            .creates(Stillborn::new);

    Stillborn(Options options) {
        switch (options.text("with")) {
            case "exception" -> throw new IllegalStateException("stillborn");
            case "overflow" -> deep(0);
            case "assertion" -> throw new AssertionError("not so");
            case "missing" -> throw new NoClassDefFoundError("org/example/Missing");
            default -> {}
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int deep(int depth) {
        return deep(depth + 1) + 1;
    }

    @Override
    public void reset(Step step) {}

    @Override
    public void step(Step step) {}

    @Override
    public void observe(int agent, View view) {}
}
