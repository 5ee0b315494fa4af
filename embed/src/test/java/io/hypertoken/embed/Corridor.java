package io.hypertoken.embed;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// A corridor whose end is its last cell; it can be told to break or to wait, to see how the host hears of it.
public final class Corridor implements Environment, Snapshot, Renders {
    public static final Spec SPEC = Spec.of("corridor", 1)
            .aliases("hall")
            .option("length", integers(2, 64), 8)
            .option("breaks", choice("never", "open", "draw"), "never")
            .episodeOption("start", integers(0, 62), 0, "the first cell")
            .observes(o -> discrete(o.integer("length")))
            .acts("left", "right", "wait")
            .stepLimit(64)
            .creates(Corridor::new);

    /// What the action `wait` waits for.
    static CountDownLatch signal = new CountDownLatch(0);

    private final int goal;
    private final boolean drawsNothing;
    private int cell;

    Corridor(Options o) {
        if (o.text("breaks").equals("open")) {
            throw new ArithmeticException("no corridor today");
        }
        goal = o.integer("length") - 1;
        drawsNothing = o.text("breaks").equals("draw");
    }

    @Override
    public void reset(Step s) {
        cell = s.options().integer("start");
    }

    @Override
    public void step(Step s) {
        if (s.action() == 2) {
            awaitSignal();
            s.info("waited", true);
        } else {
            cell = Math.clamp(cell + 2L * s.action() - 1, 0, goal);
        }
        s.reward(-1).terminateIf(cell == goal);
    }

    private static void awaitSignal() {
        try {
            signal.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void observe(int agent, View v) {
        v.set(cell).allow(0, cell > 0);
    }

    @Override
    public String text(int agent) {
        if (drawsNothing) {
            throw new StackOverflowError("so deep");
        }
        return "cell " + cell + " ☺";
    }

    @Override
    public Frame frame() {
        return new Frame(2, 1, new byte[] {1, 2, 3, 4, 5, (byte) cell});
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(cell);
    }

    @Override
    public void load(DataInput in) throws IOException {
        cell = in.readInt();
    }
}
