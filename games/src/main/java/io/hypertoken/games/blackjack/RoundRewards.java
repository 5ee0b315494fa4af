package io.hypertoken.games.blackjack;

/// How often a seat got which reward from a round.
public final class RoundRewards {
    /// Rewards are multiples of a tenth of a bet, from two doubled hands and an insurance lost (-4.5) upwards.
    private static final int STEPS_PER_BET = 10;

    private static final int LOWEST = -45;
    private static final int HIGHEST = 40;

    private final int bet;
    private final long[] counts = new long[HIGHEST - LOWEST + 1];

    RoundRewards(int bet) {
        this.bet = bet;
    }

    void add(double chips) {
        counts[step(chips) - LOWEST]++;
    }

    /// Counts all that another has counted, for the same bet.
    public void add(RoundRewards others) {
        for (int k = 0; k < counts.length; k++) {
            counts[k] += others.counts[k];
        }
    }

    /// How many rounds were counted.
    public long rounds() {
        long rounds = 0;
        for (long count : counts) {
            rounds += count;
        }
        return rounds;
    }

    /// The mean reward of a round, in bets.
    public double mean() {
        double sum = 0;
        for (int k = 0; k < counts.length; k++) {
            sum += (double) counts[k] * (k + LOWEST) / STEPS_PER_BET;
        }
        return sum / rounds();
    }

    /// The standard error of [#mean()], in bets.
    public double standardError() {
        double mean = mean();
        double sum = 0;
        for (int k = 0; k < counts.length; k++) {
            double difference = (double) (k + LOWEST) / STEPS_PER_BET - mean;
            sum += counts[k] * difference * difference;
        }
        return Math.sqrt(sum / rounds() / rounds());
    }

    /// The share of rounds that gave this many chips.
    public double share(double chips) {
        return (double) counts[step(chips) - LOWEST] / rounds();
    }

    private int step(double chips) {
        return (int) Math.round(chips / bet * STEPS_PER_BET);
    }
}
