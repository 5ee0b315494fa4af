package io.hypertoken.record;

import io.hypertoken.engine.Seats;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Random allowed actions that anyone can derive again in three lines of numpy, for digests and demonstrations: the
/// policy `random` of every environment.
///
/// Row i draws from its own `g = default_rng([seed + i, 1])`, for each agent that acts, in agent order:
///
/// - Discrete: `legal[g.integers(len(legal))] + start`, where `legal` are the mask's true flags;
/// - MultiDiscrete: the same for each dimension;
/// - MultiBinary: `g.integers(2)` for each flag;
/// - Box: `g.uniform(low, high)` for each element, cast to its type; an infinite bound counts as -1 or 1, or as the
///   other bound where that lies beyond;
/// - Dict and Tuple: their parts in declared order.
public final class ScriptedActions implements Policy {
    private final Generator[] generators;
    private int[] legal = new int[16];
    private @Nullable Seats seats;

    /// Scripts for rows 0 … `rows` - 1.
    ///
    /// @param seed the seed that row 0's episode is reset with; `seed + rows` must not overflow
    public ScriptedActions(long seed, int rows) {
        this.generators = new Generator[rows];
        Arrays.setAll(generators, row -> Generator.seeded(seed + row, 1));
    }

    /// Writes an action for whoever acts in the vector's next step; rows that wait for a reset draw nothing.
    public void choose(VectorEnvironment vector) {
        in(vector).choose(this);
    }

    /// Writes an action for whoever acts next in one row.
    public void choose(VectorEnvironment vector, int row) {
        in(vector).choose(row, this);
    }

    private Seats in(VectorEnvironment vector) {
        Seats known = seats;
        if (known == null || known.vector() != vector) {
            known = new Seats(vector);
            seats = known;
        }
        return known;
    }

    @Override
    public void act(Seat seat) {
        choose(seat, seat.actionSpace(), seat.masked(), 0);
    }

    /// Writes a value of one space, whose leaves begin with `leaf`, and returns the leaf behind its last.
    ///
    /// @param masked whether the mask is this space's: only a whole action has one
    private int choose(Seat seat, Space space, boolean masked, int leaf) {
        Generator random = generators[seat.row()];
        switch (space) {
            case Discrete discrete -> seat.choose(leaf, 0, discrete.start() + choice(seat, 0, discrete.n(), masked));
            case MultiDiscrete multi -> {
                int flag = 0;
                for (int k = 0; k < multi.nvec().size(); k++) {
                    int count = multi.nvec().get(k);
                    seat.choose(leaf, k, choice(seat, flag, count, masked));
                    flag += count;
                }
            }
            case MultiBinary binary -> {
                for (int k = 0; k < binary.n(); k++) {
                    seat.choose(leaf, k, random.integers(2));
                }
            }
            case Box box -> chooseNumbers(seat, leaf, box);
            case DictSpace dict -> {
                int next = leaf;
                for (Space part : dict.spaces().values()) {
                    next = choose(seat, part, false, next);
                }
                return next;
            }
            case TupleSpace tuple -> {
                int next = leaf;
                for (Space part : tuple.spaces()) {
                    next = choose(seat, part, false, next);
                }
                return next;
            }
        }
        return leaf + 1;
    }

    /// One of `count` values: one that the mask allows from its flag `flag` on, where the space is masked.
    private int choice(Seat seat, int flag, int count, boolean masked) {
        Generator random = generators[seat.row()];
        if (!masked) {
            return random.integers(count);
        }
        if (legal.length < count) {
            legal = new int[count];
        }
        int allowed = 0;
        for (int k = 0; k < count; k++) {
            if (seat.allowed(flag + k)) {
                legal[allowed++] = k;
            }
        }
        return legal[random.integers(allowed)];
    }

    private void chooseNumbers(Seat seat, int leaf, Box box) {
        double[] low = box.low();
        double[] high = box.high();
        int size = box.leaves().getFirst().size();
        for (int k = 0; k < size; k++) {
            double from = Double.isInfinite(low[k]) ? Math.min(-1, high[k]) : low[k];
            double to = Double.isInfinite(high[k]) ? Math.max(1, low[k]) : high[k];
            seat.choose(leaf, k, generators[seat.row()].uniform(from, to));
        }
    }
}
