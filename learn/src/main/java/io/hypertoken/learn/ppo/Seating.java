package io.hypertoken.learn.ppo;

import io.hypertoken.learn.space.Outcome;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import io.hypertoken.random.Generator;
import java.util.ArrayList;
import java.util.List;

/// Who plays each cell: a learner, or one of its past selves.
///
/// Against a pool, each episode's seat of the learner is drawn, and so is each opponent; results move both Elo ratings
/// (K 16). The pool begins with the policy as it was before any training, and keeps its newest members.
final class Seating {
    /// Past self k plays where the number is PAST + k; below it, learners do.
    static final int PAST = 1 << 20;

    private static final double FIRST_RATING = 1000;
    private static final double K = 16;
    private static final double SCALE = 400;

    private final Opponents opponents;
    private final int agents;
    private final int size;
    private final int[] players;
    private final Generator random;
    private final List<Learner.PastSelf> pool = new ArrayList<>();
    private double rating = FIRST_RATING;
    private long added;

    Seating(Opponents opponents, int rows, int agents, int size, Generator random) {
        this.opponents = agents == 1 ? Opponents.SELF : opponents;
        this.agents = agents;
        this.size = size;
        this.random = random;
        players = new int[rows * agents];
    }

    /// Seats everybody, before the first step.
    void begin(Learner first) {
        if (opponents == Opponents.POOL) {
            remember(first);
        }
        for (int row = 0; row < players.length / agents; row++) {
            seat(row);
        }
    }

    private void seat(int row) {
        int learners = opponents == Opponents.POOL ? random.integers(agents) : 0;
        for (int agent = 0; agent < agents; agent++) {
            players[row * agents + agent] = switch (opponents) {
                case SELF -> 0;
                case EACH -> agent;
                case POOL -> agent == learners ? 0 : PAST + random.integers(pool.size());
            };
        }
    }

    /// Who plays a cell.
    int player(int cell) {
        return players[cell];
    }

    /// The past selves, oldest first.
    List<Learner.PastSelf> pool() {
        return pool;
    }

    /// The learner's rating.
    double rating() {
        return rating;
    }

    /// An episode has ended in a row: its result is rated, and the seats are drawn anew.
    void end(int row, Outcome outcome) {
        if (opponents != Opponents.POOL) {
            return;
        }
        int mine = row * agents;
        while (players[mine] != 0) {
            mine++;
        }
        for (int cell = row * agents; cell < (row + 1) * agents; cell++) {
            if (cell != mine) {
                rate(players[cell] - PAST, outcome.episodeReturn[mine], outcome.episodeReturn[cell]);
            }
        }
        seat(row);
    }

    private void rate(int opponent, double mine, double others) {
        Learner.PastSelf past = pool.get(opponent);
        double expected = 1 / (1 + Math.pow(10, (past.rating() - rating) / SCALE));
        double moved = K * (0.5 * (1 + Math.signum(mine - others)) - expected);
        rating += moved;
        pool.set(opponent, past.rated(past.rating() - moved));
    }

    /// Adds the policy as it is now, in place of the oldest where there are enough: whoever plays as that one goes on
    /// as the newcomer.
    void remember(Learner learner) {
        if (opponents != Opponents.POOL) {
            return;
        }
        if (pool.size() < size) {
            pool.add(learner.frozen(rating));
        } else {
            pool.set((int) (added % size), learner.frozen(rating));
        }
        added++;
    }

    void save(Tensors into) {
        long[] seats = new long[players.length];
        for (int cell = 0; cell < seats.length; cell++) {
            seats[cell] = players[cell];
        }
        into.put("seats", Tensor.of(seats));
        into.put("seats.random", Tensor.of(random.state()));
        into.put("pool", Tensor.of(pool.size(), added));
        into.put("pool.rating", Tensor.of(rating));
        for (int k = 0; k < pool.size(); k++) {
            pool.get(k).save("pool." + k, into);
        }
    }

    void load(Tensors from, Learner of) {
        long[] seats = from.longs("seats", players.length);
        for (int cell = 0; cell < seats.length; cell++) {
            players[cell] = (int) seats[cell];
        }
        random.restore(from.longs("seats.random", Generator.STATE_LONGS));
        long[] counts = from.longs("pool", 2);
        added = counts[1];
        double[] ratings = new double[1];
        from.copy("pool.rating", ratings);
        rating = ratings[0];
        pool.clear();
        for (int k = 0; k < counts[0]; k++) {
            pool.add(Learner.PastSelf.load("pool." + k, from, of));
        }
    }
}
