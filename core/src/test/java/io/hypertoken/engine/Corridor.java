package io.hypertoken.engine;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Walk a corridor to its far end; every step costs 1.
public final class Corridor implements Environment, Snapshot {
    public static final Spec SPEC = Spec.of("corridor", 1)
            .option("length", integers(2, 64), 8)
            .observes(o -> discrete(o.integer("length")))
            .acts("left", "right")
            .stepLimit(64)
            .creates(Corridor::new);

    private final int goal;
    private int cell;

    Corridor(Options o) {
        goal = o.integer("length") - 1;
    }

    @Override
    public void reset(Step s) {
        cell = s.random().integers(goal);
    }

    @Override
    public void step(Step s) {
        cell = Math.clamp(cell + 2L * s.action() - 1, 0, goal);
        s.reward(-1).terminateIf(cell == goal);
    }

    @Override
    public void observe(int agent, View v) {
        v.set(cell).allow(0, cell > 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(cell);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int read = in.readInt();
        Snapshot.require(read >= 0 && read <= goal, "the walker is at " + read + ", outside the corridor");
        cell = read;
    }
}
