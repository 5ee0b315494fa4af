package io.hypertoken.games.blackjack;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// Ways to play whose exact value is known, to hold the game against.
///
/// The values are chips a round divided by the bet, for a fresh shoe every round, the dealer standing on soft 17 and
/// naturals at 3:2; every seat's is the same. They come from an exact calculation that is independent of this program
/// and agrees to the last digit, where the rules coincide, with the Wizard of Odds' Blackjack appendices 2 and 9 and
/// with Wong, "Professional Blackjack". The chart of [BasicStrategy] is played whatever the number of decks.
public enum KnownValue {
    BASIC_STRATEGY_1_DECK("basic strategy, 1 deck", Strategy.BASIC, 1, 1, 0.000837261),
    BASIC_STRATEGY_2_DECKS("basic strategy, 2 decks", Strategy.BASIC, 1, 2, -0.00239874),
    BASIC_STRATEGY_6_DECKS("basic strategy, 6 decks", Strategy.BASIC, 1, 6, -0.004599356),
    BASIC_STRATEGY_3_SEATS("basic strategy, 6 decks, 3 seats", Strategy.BASIC, 3, 6, -0.004599356),
    ALWAYS_INSURE("basic strategy and insurance, 6 decks", Strategy.BASIC_AND_INSURANCE, 1, 6, -0.007444),
    MIMIC_DEALER("hit to 17 like the dealer, 6 decks", Strategy.MIMIC_DEALER, 1, 6, -0.056756),
    ALWAYS_STAND("always stand, 6 decks", Strategy.ALWAYS_STAND, 1, 6, -0.159747);

    private static final int ROWS = 1024;

    private final String title;
    private final Strategy strategy;
    private final int seats;
    private final int decks;
    private final double exact;

    KnownValue(String title, Strategy strategy, int seats, int decks, double exact) {
        this.title = title;
        this.strategy = strategy;
        this.seats = seats;
        this.decks = decks;
        this.exact = exact;
    }

    /// What is played: `basic strategy, 6 decks`.
    public String title() {
        return title;
    }

    /// How many seats play.
    public int seats() {
        return seats;
    }

    /// The exact value of a round, in bets.
    public double exact() {
        return exact;
    }

    /// Plays rounds, and counts what each seat gets from them.
    ///
    /// @param rounds how many, rounded up to a multiple of 1024
    /// @param seed of the first of 1024 tables
    /// @return one for each seat
    public RoundRewards[] play(long rounds, long seed) {
        var spec = CasinoBlackjack.SPEC;
        var opened = spec.options(Map.of("agents", seats, "decks", decks));
        var rewards = new RoundRewards[seats];
        for (int seat = 0; seat < seats; seat++) {
            rewards[seat] = new RoundRewards(opened.integer("bet"));
        }
        var settings = Settings.DEFAULT.rows(ROWS).autoreset(Autoreset.SAME_STEP);
        try (var tables = VectorEnvironment.open(spec, opened, settings)) {
            tables.reset(seed);
            playOut(tables, (rounds + ROWS - 1) / ROWS, rewards);
        }
        return rewards;
    }

    /// [#play(long, long)] shared by threads, each with tables of its own.
    ///
    /// @param rounds how many, rounded up to a multiple of 1024 a thread
    /// @param seed of the first table; the following ones have the seeds that follow
    public RoundRewards[] play(long rounds, long seed, int threads) {
        List<RoundRewards[]> played = IntStream.range(0, threads)
                .mapToObj(k -> CompletableFuture.supplyAsync(
                        () -> play((rounds + threads - 1) / threads, seed + (long) k * ROWS),
                        task -> Thread.ofPlatform().daemon().start(task)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        RoundRewards[] sum = played.getFirst();
        for (RoundRewards[] others : played.subList(1, threads)) {
            for (int seat = 0; seat < seats; seat++) {
                sum[seat].add(others[seat]);
            }
        }
        return sum;
    }

    /* Every table plays the same number of rounds and then stops counting: to stop all of them at one moment would leave
    out the rounds under way, which are the long ones. */
    private void playOut(VectorEnvironment tables, long roundsATable, RoundRewards[] rewards) {
        Batch batch = tables.batch();
        var places = new Seats(tables);
        long[] roundsLeft = new long[ROWS];
        Arrays.fill(roundsLeft, roundsATable);
        int playing = ROWS;
        while (playing > 0) {
            places.choose(strategy);
            tables.step();
            for (int row = 0; row < ROWS; row++) {
                if (!batch.terminated(row, 0) || roundsLeft[row] == 0) {
                    continue;
                }
                for (int seat = 0; seat < seats; seat++) {
                    rewards[seat].add(batch.reward(row, seat));
                }
                if (--roundsLeft[row] == 0) {
                    playing--;
                }
            }
        }
    }
}
