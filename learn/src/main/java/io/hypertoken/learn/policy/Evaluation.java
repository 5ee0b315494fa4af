package io.hypertoken.learn.policy;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.space.Actions;
import io.hypertoken.learn.space.Observations;
import io.hypertoken.learn.space.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Whole episodes played by given policies, and what they earned.
///
/// Many rows play at once, each the same number of episodes give or take one, so that short episodes do not crowd out
/// long
/// ones.
///
/// Episode k begins with `seed + k`, whoever plays: what two policies earned in it may be compared.
///
/// @param returns by agent, then by episode
/// @param lengths by episode
public record Evaluation(double[][] returns, double[] lengths) {
    /// How many rows play at once, where nobody says.
    public static final int MOST_ROWS = 512;

    /// What an episode without an end is cut off at.
    private static final long LONGEST = 1_000_000;
    private static final Policy NOBODY = seat -> {};

    /// Plays episodes.
    ///
    /// @param seats who plays each agent; one for all if it is one
    /// @param seed of the first episode
    public static Evaluation of(Spec spec, Options options, List<? extends Policy> seats, int episodes, long seed) {
        return of(spec, options, seats, episodes, seed, MOST_ROWS, () -> {});
    }

    /// Plays episodes.
    ///
    /// @param seats who plays each agent; one for all if it is one
    /// @param seed of the first episode
    /// @param mostRows how many rows may play at once
    /// @param ended is run at the end of each episode
    public static Evaluation of(
            Spec spec,
            Options options,
            List<? extends Policy> seats,
            int episodes,
            long seed,
            int mostRows,
            Runnable ended) {
        int rows = Math.min(episodes, mostRows);
        Settings settings = Settings.DEFAULT.rows(rows).autoreset(Autoreset.SAME_STEP);
        try (var vector = VectorEnvironment.open(spec, options, settings)) {
            return new Table(vector, seats).play(episodes, seed, ended);
        }
    }

    /// The mean return of an agent.
    public double mean(int agent) {
        return Arrays.stream(returns[agent]).average().orElse(Double.NaN);
    }

    /// The standard deviation of an agent's returns, as leaderboards have it: that of the population.
    public double deviation(int agent) {
        double mean = mean(agent);
        return Math.sqrt(Arrays.stream(returns[agent])
                .map(each -> (each - mean) * (each - mean))
                .average()
                .orElse(Double.NaN));
    }

    /// Half the width of the mean return's 95 % interval.
    public double interval(int agent) {
        int count = returns[agent].length;
        return count < 2 ? Double.NaN : 1.96 * deviation(agent) / Math.sqrt(count - 1.0);
    }

    /// The share of episodes in which an agent earned more than another.
    public double share(int agent, int than) {
        int more = 0;
        for (int k = 0; k < returns[agent].length; k++) {
            more += returns[agent][k] > returns[than][k] ? 1 : 0;
        }
        return (double) more / returns[agent].length;
    }

    private static final class Table {
        private final VectorEnvironment vector;
        private final Observations shown;
        private final Outcome outcome;
        private final Actions actions;
        private final Seats seats;
        private final Policy[] players;
        private final Policy[] others;
        private final int[] cells;
        private final boolean anyOther;

        Table(VectorEnvironment vector, List<? extends Policy> policies) {
            this.vector = vector;
            var batch = vector.batch();
            shown = new Observations(batch);
            outcome = new Outcome(vector);
            actions = new Actions(batch, false);
            seats = new Seats(vector);
            players = new Policy[batch.agents()];
            others = new Policy[batch.agents()];
            boolean any = false;
            for (int agent = 0; agent < players.length; agent++) {
                players[agent] = policies.get(policies.size() == 1 ? 0 : agent);
                others[agent] = players[agent] instanceof MlpPolicy ? NOBODY : players[agent];
                any |= others[agent] != NOBODY;
            }
            anyOther = any;
            cells = new int[batch.rows()];
        }

        Evaluation play(int episodes, long seed, Runnable ended) {
            int rows = cells.length;
            int agents = players.length;
            double[][] returns = new double[agents][episodes];
            double[] lengths = new double[episodes];
            int[] playing = new int[rows]; // the episode of each row; later ones follow in steps of `rows`
            Arrays.setAll(playing, row -> row);
            double[] gained = new double[rows * agents];
            boolean[] begins = new boolean[rows];
            long[] seeds = new long[rows];
            int done = 0;
            vector.reset(seed);
            look();
            for (long step = 0; done < episodes; step++) {
                decide(playing, episodes);
                vector.step();
                look();
                boolean anyBegins = false;
                for (int row = 0; row < rows; row++) {
                    for (int agent = 0; agent < agents; agent++) {
                        gained[row * agents + agent] += outcome.reward[row * agents + agent];
                    }
                    int episode = playing[row];
                    begins[row] = false;
                    if (episode >= episodes || !(outcome.rowEnded(row) || step > LONGEST)) {
                        continue;
                    }
                    lengths[episode] = outcome.episodeLength[row];
                    for (int agent = 0; agent < agents; agent++) {
                        returns[agent][episode] = gained[row * agents + agent];
                        gained[row * agents + agent] = 0;
                    }
                    playing[row] += rows;
                    begins[row] = playing[row] < episodes;
                    seeds[row] = seed + playing[row];
                    anyBegins |= begins[row];
                    done++;
                    ended.run();
                }
                if (anyBegins) {
                    vector.reset(begins, seeds, Map.of());
                    look();
                }
            }
            return new Evaluation(returns, lengths);
        }

        private void look() {
            shown.load();
            outcome.load();
        }

        /// Rows that have played all their episodes go on as they are: nobody looks at them.
        private void decide(int[] playing, int episodes) {
            for (int agent = 0; agent < players.length; agent++) {
                int count = 0;
                for (int row = 0; row < cells.length; row++) {
                    int cell = row * players.length + agent;
                    if (playing[row] < episodes && outcome.acts(cell)) {
                        cells[count++] = cell;
                    }
                }
                if (players[agent] instanceof MlpPolicy learned && count > 0) {
                    learned.act(shown, outcome, actions, cells, count);
                }
            }
            actions.store();
            if (anyOther) {
                seats.chooseEach(others);
            }
        }
    }
}
