package soak;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/// Sleeps through a step, works for as long, or never comes back; interrupts do not wake it.
public final class Slow implements Environment {
    public static final Spec SPEC = Spec.of("soak-slow", 1)
            .option("millis", OptionType.integers(0, 600_000), 100)
            .observes(Spaces.discrete(1 << 20))
            .acts("quick", "sleep", "work", "loop")
            .masks(MaskMeaning.NONE)
            .creates(Slow::new);

    private static volatile long sink;

    private final int millis;
    private int steps;

    Slow(Options options) {
        millis = options.integer("millis");
    }

    @Override
    public void reset(Step step) {
        steps = 0;
    }

    @Override
    public void step(Step step) {
        steps++;
        long end = System.nanoTime() + millis * 1_000_000L;
        switch (step.action()) {
            case 1 -> sleepUntil(end);
            case 2 -> work(end);
            case 3 -> workForEver();
            default -> {}
        }
    }

    private static void sleepUntil(long end) {
        while (System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException deaf) {
                sink++;
            }
        }
    }

    private static void work(long end) {
        while (System.nanoTime() < end) {
            sink++;
        }
    }

    private static void workForEver() {
        while (true) {
            sink++;
        }
    }

    @Override
    public void observe(int agent, View view) {
        view.set(steps);
    }
}
