package io.hypertoken.server.bridge;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// One agent walks to the far end; every step costs 1. Its first cell forbids going left.
public final class Corridor implements Environment, Snapshot, Renders {
    public static final Spec SPEC = Spec.of("corridor", 1)
            .aliases("hall")
            .rules("Walk to the far end.")
            .option("length", integers(2, 64), 8)
            .episodeOption("start", integers(-1, 62), -1, "The first cell; -1 for any.")
            .observes(options -> discrete(options.integer("length")))
            .acts("left", "right")
            .fallback("right")
            .stepLimit(64)
            .integerRewards()
            .creates(Corridor::new);

    private final int goal;
    private int cell;

    Corridor(Options options) {
        goal = options.integer("length") - 1;
    }

    @Override
    public void reset(Step step) {
        int start = step.options().integer("start");
        cell = start >= 0 ? Math.min(start, goal - 1) : step.random().integers(goal);
    }

    @Override
    public void step(Step step) {
        cell = Math.clamp(cell + 2L * step.action() - 1, 0, goal);
        step.reward(-1).terminateIf(cell == goal);
    }

    @Override
    public void observe(int agent, View view) {
        view.set(cell).allow(0, cell > 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(cell);
    }

    @Override
    public void load(DataInput in) throws IOException {
        cell = in.readInt();
    }

    @Override
    public String text(int agent) {
        return "W at " + cell;
    }
}
