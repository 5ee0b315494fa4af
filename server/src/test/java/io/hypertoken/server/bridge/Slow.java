package io.hypertoken.server.bridge;

import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.util.concurrent.CountDownLatch;

/// Counts its steps; one kind of them waits until the test opens the gate, deaf to interrupts.
public final class Slow implements Environment {
    /// Known to be slow: it steps on a thread of its own.
    public static final Spec BLOCKING = declare("slow").blocking().creates(options -> new Slow());
    /// Taken for a quick one, as a defect in a game of ours would be.
    public static final Spec SPEC = declare("stuck").creates(options -> new Slow());

    private static volatile CountDownLatch gate = new CountDownLatch(1);
    private int steps;

    private static SpecBuilder declare(String id) {
        return Spec.of(id, 1).observes(discrete(1 << 20)).acts("quick", "wait").masks(MaskMeaning.NONE);
    }

    /// Closes the gate: steps that wait do so until [#open()].
    static void shut() {
        gate = new CountDownLatch(1);
    }

    static void open() {
        gate.countDown();
    }

    @Override
    public void reset(Step step) {
        steps = 0;
    }

    @Override
    public void step(Step step) {
        steps++;
        CountDownLatch closed = gate;
        while (step.action() == 1 && closed.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void observe(int agent, View view) {
        view.set(steps);
    }
}
