package io.hypertoken.embed;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.util.concurrent.CountDownLatch;

/// Breaks or waits when it is told to, to see how the host hears of it.
public final class Stubborn implements Environment, Renders {
    public static final Spec SPEC = Spec.of("stubborn", 1)
            .option("breaks", choice("never", "open", "draw"), "never")
            .observes(discrete(2))
            .acts("go", "wait")
            .stepLimit(64)
            .creates(Stubborn::new);

    /// What the action `wait` waits for.
    static CountDownLatch signal = new CountDownLatch(0);

    private final boolean drawsNothing;
    private int waited;

    Stubborn(Options options) {
        if (options.text("breaks").equals("open")) {
            throw new ArithmeticException("not today");
        }
        drawsNothing = options.text("breaks").equals("draw");
    }

    @Override
    public void reset(Step step) {
        waited = 0;
    }

    @Override
    public void step(Step step) {
        if (step.action() == 1) {
            awaitSignal();
            waited = 1;
            step.info("waited", true);
        } else {
            step.terminate();
        }
    }

    private static void awaitSignal() {
        try {
            signal.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void observe(int agent, View view) {
        view.set(waited);
    }

    @Override
    public String text(int agent) {
        if (drawsNothing) {
            throw new StackOverflowError("so deep");
        }
        return "waited " + waited + " ☺";
    }

    @Override
    public Frame frame() {
        return new Frame(2, 1, new byte[] {1, 2, 3, 4, 5, (byte) waited});
    }
}
