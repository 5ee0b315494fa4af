package io.hypertoken.guests.wasm;

import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.SpecBuilder;
import java.time.Duration;

/// What a module may use, and how it is run.
///
/// @param memoryBytes the largest its memory may grow, whatever it declares itself
/// @param deadlineSeconds how long one call may take
/// @param interpreted whether it is interpreted and never becomes code of this process
record Limits(long memoryBytes, double deadlineSeconds, boolean interpreted) {
    /// For a look at what a module says of itself: nothing is compiled, and nobody waits long.
    static final Limits OF_A_LOOK = new Limits(256L << 20, 5, true);

    /// How long a module may take to start and to make room for its rows.
    static final Duration START = Duration.ofSeconds(10);

    private static final int MOST_MEGABYTES = 2_000;
    private static final double LONGEST = 3_600;

    static void declare(SpecBuilder builder) {
        builder.option(
                        "memory_mb",
                        OptionType.integers(1, MOST_MEGABYTES),
                        256,
                        "the most memory that the module may have, in MB, whatever it declares itself")
                .option(
                        "step_deadline",
                        OptionType.numbers(0.5, LONGEST),
                        10.0,
                        "how long one call of the module may take before its rows are lost, in seconds")
                .option(
                        "wasm_interpreter",
                        OptionType.flag(),
                        false,
                        "interpret the module, some hundred times slower, instead of making JVM code of it: for one"
                                + " that is not trusted");
    }

    static Limits of(Options opened) {
        return new Limits(
                opened.integer("memory_mb") * 1_000_000L,
                opened.number("step_deadline"),
                opened.flag("wasm_interpreter"));
    }

    /// How long one call may take.
    Duration deadline() {
        return Duration.ofNanos((long) (deadlineSeconds * 1e9));
    }

    /// The pages of 64 kB that its memory may have at most.
    int mostPages() {
        return (int) (memoryBytes >> 16);
    }
}
