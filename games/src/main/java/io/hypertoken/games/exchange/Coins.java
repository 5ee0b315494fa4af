package io.hypertoken.games.exchange;

/// Sums of money in gp.
final class Coins {
    private Coins() {}

    /// What some units cost, both factors not negative; more than anyone owns where it would not fit.
    static long times(long units, long price) {
        long product = units * price;
        return Math.multiplyHigh(units, price) != 0 || product < 0 || product > Saved.MOST_COINS
                ? Saved.MOST_COINS
                : product;
    }

    /// `1,576,684`, or `1.44B` where it is long.
    static String shown(long coins) {
        long size = Math.abs(coins);
        if (size < 100_000_000) {
            return String.format(java.util.Locale.ROOT, "%,d", coins);
        }
        return size < 10_000_000_000L
                ? String.format(java.util.Locale.ROOT, "%,.2fM", coins / 1e6)
                : String.format(java.util.Locale.ROOT, "%,.2fB", coins / 1e9);
    }
}
