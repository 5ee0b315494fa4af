package io.hypertoken.games.exchange;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.record.ScriptedActions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a way to play earns in an episode, over many seeds.
///
/// @param returns of each episode, in the order of the seeds: the change of the worth, as a share of the start
public record BaselineProfit(double[] returns) {
    /// The policy that knows the future, beside those of the Spec.
    public static final String ORACLE = "oracle";

    /// Every way to play that the table has, from the least to the most that can be had.
    public static final List<String> POLICIES =
            List.of("hold", Spec.RANDOM, "spread-catcher", "spread-catcher-ema", "spread-catcher-tuned", ORACLE);

    private static final int ROWS = 32;

    /// Plays one episode for each seed.
    ///
    /// @param policy one of [#POLICIES]
    /// @param options of the environment; one agent
    /// @param seeds how many, rounded up to a multiple of 32
    /// @param firstSeed the others follow it
    public static BaselineProfit of(String policy, Map<String, ?> options, int seeds, long firstSeed) {
        return of(options, seeds, firstSeed, (opened, seed) -> make(policy, opened, seed));
    }

    /// Makes a policy for 32 rows, whose seeds follow `seed`.
    @FunctionalInterface
    public interface Maker {
        Policy make(Options opened, long seed);
    }

    /// Plays one episode for each seed by any policy.
    ///
    /// @param options of the environment; one agent
    /// @param seeds how many, rounded up to a multiple of 32
    /// @param firstSeed the others follow it
    public static BaselineProfit of(Map<String, ?> options, int seeds, long firstSeed, Maker maker) {
        var opened = GrandExchange.SPEC.options(options);
        var settings = Settings.DEFAULT.rows(ROWS).autoreset(Autoreset.DISABLED);
        int episodes = (seeds + ROWS - 1) / ROWS * ROWS;
        double[] returns = new double[episodes];
        try (var vector = VectorEnvironment.open(GrandExchange.SPEC, opened, settings)) {
            var seats = new Seats(vector);
            for (int first = 0; first < episodes; first += ROWS) {
                long seed = firstSeed + first;
                vector.reset(seed);
                play(vector, seats, maker.make(opened, seed), returns, first);
            }
        }
        return new BaselineProfit(returns);
    }

    /// How many episodes were played.
    public int episodes() {
        return returns.length;
    }

    /// The mean return.
    public double mean() {
        return Arrays.stream(returns).average().orElse(0);
    }

    /// The mean's standard error.
    public double error() {
        double mean = mean();
        double square = Arrays.stream(returns).map(r -> (r - mean) * (r - mean)).sum();
        return Math.sqrt(square / (returns.length - 1) / returns.length);
    }

    /// How much more this earned than another on the same seeds, episode by episode: its interval is that of pairs.
    public BaselineProfit minus(BaselineProfit other) {
        double[] more = returns.clone();
        Arrays.setAll(more, k -> returns[k] - other.returns[k]);
        return new BaselineProfit(more);
    }

    /// What several policies earned on the same seeds on average, episode by episode.
    public static BaselineProfit mean(List<BaselineProfit> several) {
        double[] mean = new double[several.getFirst().returns.length];
        Arrays.setAll(
                mean,
                k -> several.stream()
                        .mapToDouble(each -> each.returns[k])
                        .average()
                        .orElse(0));
        return new BaselineProfit(mean);
    }

    private static void play(VectorEnvironment vector, Seats seats, Policy policy, double[] returns, int first) {
        Batch batch = vector.batch();
        while (!vector.over(0)) {
            seats.choose(policy);
            vector.step();
            for (int row = 0; row < ROWS; row++) {
                returns[first + row] += batch.reward(row, 0);
            }
        }
    }

    private static Policy make(String policy, Options opened, long seed) {
        if (policy.equals(Spec.RANDOM)) {
            return new ScriptedActions(seed, ROWS);
        }
        return policy.equals(ORACLE) ? oracle(opened, seed) : GrandExchange.SPEC.policy(policy, opened);
    }

    private static Policy oracle(Options opened, long seed) {
        int windows = opened.integer("windows");
        var future = new Foresight[ROWS];
        Arrays.setAll(future, row -> new Foresight(opened, seed + row, windows));
        return new Oracle(opened, future);
    }
}
