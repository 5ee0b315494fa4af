package io.hypertoken.bench;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.MultiDiscrete;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/// A stretch of random legal play, drawn beforehand and then stepped again and again.
///
/* To draw legal actions costs as much as a step, and blindly drawn ones would measure what the engine does about
illegal actions. So the play is recorded once from a seed; the same seed and actions are then legal each time. The
stretch is long enough that its one reset vanishes in it, and that no branch predictor learns it by heart. */
final class RecordedPlay implements AutoCloseable {
    private static final long SEED = 1;

    private final VectorEnvironment vector;
    private final Batch batch;
    private final MemorySegment actions;
    private final MemorySegment recorded;
    private final Arena arena = Arena.ofShared();
    private final int length;
    private final double shareOfResets;
    private int at;

    /// Records random legal actions of a vector whose agents each choose one or several of a few numbered actions.
    ///
    /// @param length how many steps
    RecordedPlay(VectorEnvironment vector, int length) {
        this.vector = vector;
        this.batch = vector.batch();
        this.actions = batch.step();
        this.length = length;
        this.recorded = arena.allocate(length * actions.byteSize(), Long.BYTES);
        this.shareOfResets = record();
        restart();
    }

    /// Plays the next step; after the last one begins anew.
    void step() {
        if (at == length) {
            restart();
        }
        MemorySegment.copy(recorded, at * actions.byteSize(), actions, 0, actions.byteSize());
        at++;
        vector.step();
    }

    /// The share of row-steps that only reset a row, as next-step autoreset does.
    double shareOfResets() {
        return shareOfResets;
    }

    private void restart() {
        vector.reset(SEED);
        at = 0;
    }

    private double record() {
        var random = new SplittableRandom(SEED);
        long resets = 0;
        restart();
        for (int step = 0; step < length; step++) {
            for (int row = 0; row < batch.rows(); row++) {
                resets += vector.over(row) ? 1 : 0;
                choose(row, random);
            }
            MemorySegment.copy(actions, 0, recorded, step * actions.byteSize(), actions.byteSize());
            vector.step();
        }
        return (double) resets / length / batch.rows();
    }

    private void choose(int row, SplittableRandom random) {
        boolean simultaneous = vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS;
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (simultaneous || batch.turn(row) == agent) {
                choose(row, agent, random);
            }
        }
    }

    private void choose(int row, int agent, SplittableRandom random) {
        List<Integer> choices = batch.signature().actionSpaces().get(agent) instanceof MultiDiscrete space
                ? space.nvec()
                : List.of(batch.signature().maskSize());
        int flag = 0;
        for (int k = 0; k < choices.size(); k++) {
            batch.action(row, agent, 0, k, choose(row, agent, flag, choices.get(k), random));
            flag += choices.get(k);
        }
    }

    /// One of the actions whose flags begin at `flag`; any while the row is over, which is allowed none.
    private int choose(int row, int agent, int flag, int choices, SplittableRandom random) {
        while (true) {
            int action = random.nextInt(choices);
            if (vector.over(row) || batch.allowed(row, agent, flag + action)) {
                return action;
            }
        }
    }

    @Override
    public void close() {
        vector.close();
        arena.close();
    }
}
