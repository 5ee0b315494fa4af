package io.hypertoken.record;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.Arrays;

/// Random allowed actions that anyone can derive again in three lines of numpy, for digests and demonstrations.
///
/// Row i draws from its own `g = default_rng([seed + i, 1])`, for each agent that acts, in agent order:
///
/// - Discrete: `legal[g.integers(len(legal))] + start`, where `legal` are the mask's true flags;
/// - MultiDiscrete: the same for each dimension;
/// - MultiBinary: `g.integers(2)` for each flag;
/// - Box: `g.uniform(low, high)` for each element, cast to its type; an infinite bound counts as -1 or 1, or as the
///   other bound where that lies beyond;
/// - Dict and Tuple: their parts in declared order.
public final class ScriptedActions {
    private final Generator[] generators;
    private int[] legal = new int[16];

    /// Scripts for rows 0 … `rows` - 1.
    ///
    /// @param seed the seed that row 0's episode is reset with; `seed + rows` must not overflow
    public ScriptedActions(long seed, int rows) {
        this.generators = new Generator[rows];
        Arrays.setAll(generators, row -> Generator.seeded(seed + row, 1));
    }

    /// Writes an action for whoever acts in the vector's next step; rows that wait for a reset draw nothing.
    public void choose(VectorEnvironment vector) {
        for (int row = 0; row < generators.length; row++) {
            if (vector.wasReset(row) && !vector.over(row)) {
                choose(vector, row);
            }
        }
    }

    /// Writes an action for whoever acts next in one row.
    public void choose(VectorEnvironment vector, int row) {
        Batch batch = vector.batch();
        boolean simultaneous = vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS;
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (simultaneous ? batch.alive(row, agent) : agent == batch.turn(row)) {
                choose(batch, row, agent, batch.signature().actionSpaces().get(agent), 0);
            }
        }
    }

    /// Writes a value of one space, whose leaves begin with `leaf`, and returns the leaf behind its last.
    private int choose(Batch batch, int row, int agent, Space space, int leaf) {
        Generator random = generators[row];
        switch (space) {
            case Discrete discrete -> {
                boolean masked = space == batch.signature().actionSpaces().get(agent);
                batch.action(
                        row, agent, leaf, 0, discrete.start() + choice(batch, row, agent, 0, discrete.n(), masked));
            }
            case MultiDiscrete multi -> {
                boolean masked = space == batch.signature().actionSpaces().get(agent);
                int flag = 0;
                for (int k = 0; k < multi.nvec().size(); k++) {
                    int count = multi.nvec().get(k);
                    batch.action(row, agent, leaf, k, choice(batch, row, agent, flag, count, masked));
                    flag += count;
                }
            }
            case MultiBinary binary -> {
                for (int k = 0; k < binary.n(); k++) {
                    batch.action(row, agent, leaf, k, random.integers(2));
                }
            }
            case Box box -> chooseNumbers(batch, row, agent, leaf, box);
            case DictSpace dict -> {
                int next = leaf;
                for (Space part : dict.spaces().values()) {
                    next = choose(batch, row, agent, part, next);
                }
                return next;
            }
            case TupleSpace tuple -> {
                int next = leaf;
                for (Space part : tuple.spaces()) {
                    next = choose(batch, row, agent, part, next);
                }
                return next;
            }
        }
        return leaf + 1;
    }

    /// One of `count` values: one that the mask allows from its flag `flag` on, where the space is masked.
    private int choice(Batch batch, int row, int agent, int flag, int count, boolean masked) {
        if (!masked || batch.maskSize() == 0) {
            return generators[row].integers(count);
        }
        if (legal.length < count) {
            legal = new int[count];
        }
        int allowed = 0;
        for (int k = 0; k < count; k++) {
            if (batch.allowed(row, agent, flag + k)) {
                legal[allowed++] = k;
            }
        }
        return legal[generators[row].integers(allowed)];
    }

    private void chooseNumbers(Batch batch, int row, int agent, int leaf, Box box) {
        double[] low = box.low();
        double[] high = box.high();
        Leaf shape = batch.signature().actionLeaves().get(leaf);
        for (int k = 0; k < shape.size(); k++) {
            double from = Double.isInfinite(low[k]) ? Math.min(-1, high[k]) : low[k];
            double to = Double.isInfinite(high[k]) ? Math.max(1, low[k]) : high[k];
            batch.action(row, agent, leaf, k, generators[row].uniform(from, to));
        }
    }
}
