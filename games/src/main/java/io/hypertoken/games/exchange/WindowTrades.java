package io.hypertoken.games.exchange;

/// Makes a window's bars from how many trades are expected and about which price: the counts, volumes and averages.
///
/* One simple loop after another over arrays of doubles, which the compiler turns into vector instructions; what has to
be looked up has loops of its own. */
final class WindowTrades {
    /// How much noisier the average of few trades is than that of very many.
    static final double FEW_TRADES = 1.5;
    /// gp, at most.
    static final double MOST_QUOTE = Saved.MOST_PRICE / 2.0;

    private static final int MOST_ERRORS = 511;

    /// How much noisier a quote of n trades is than one of very many.
    private static final double[] ERRORS = new double[MOST_ERRORS + 1];

    static {
        for (int n = 1; n < ERRORS.length; n++) {
            ERRORS[n] = 1 + FEW_TRADES / Math.sqrt(n);
        }
    }

    private static final int COUNT_BITS = (1 << PoissonTable.BITS) - 1;

    // To be set for each item before #trade.
    /// Trades that are expected of either side.
    final double[] buyers;
    final double[] sellers;
    /// The middle of the quotes, gp.
    final double[] price;
    /// The spread, as a share of the price.
    final double[] wide;
    /// 64 random bits.
    final long[] draws;

    // What is looked up for the quotes' noise of either side: a normal number, and how noisy so many trades are.
    private final double[] above;
    private final double[] below;
    private final double[] aboveErrors;
    private final double[] belowErrors;

    WindowTrades(int items) {
        buyers = new double[items];
        sellers = new double[items];
        price = new double[items];
        wide = new double[items];
        draws = new long[items];
        above = new double[items];
        below = new double[items];
        aboveErrors = new double[items];
        belowErrors = new double[items];
    }

    /// @param size units of a trade
    /// @param noise of quotes of many trades, in spreads
    void trade(long[] size, double[] noise, Bars window) {
        count(size, window.highVolume, window.lowVolume);
        average(noise);
        quote(window.high, above, window.highVolume);
        quote(window.low, below, window.lowVolume);
    }

    private void count(long[] size, long[] highVolume, long[] lowVolume) {
        float[] normal = NormalTable.VALUES;
        int mask = NormalTable.MASK;
        for (int i = 0; i < size.length; i++) {
            long draw = draws[i];
            int bought = count(buyers[i], (int) (draw >>> 24) & COUNT_BITS);
            int sold = count(sellers[i], (int) (draw >>> 44));
            above[i] = normal[(int) draw & mask];
            below[i] = normal[(int) (draw >>> 12) & mask];
            aboveErrors[i] = ERRORS[Math.min(bought, MOST_ERRORS)];
            belowErrors[i] = ERRORS[Math.min(sold, MOST_ERRORS)];
            highVolume[i] = bought * size[i];
            lowVolume[i] = sold * size[i];
        }
    }

    /// A Poisson number, by a normal distribution where it is large.
    ///
    /// @param draw 20 random bits
    private static int count(double expected, int draw) {
        if (expected < PoissonTable.MOST) {
            return PoissonTable.number(expected, draw);
        }
        double normal = NormalTable.VALUES[draw >>> PoissonTable.BITS - NormalTable.BITS];
        return (int) (expected + Math.sqrt(expected) * normal + 0.5);
    }

    private void average(double[] noise) {
        double[] price = this.price; // locals: the compiler then knows that no loop changes where they are
        double[] wide = this.wide;
        double[] above = this.above;
        double[] below = this.below;
        double[] aboveErrors = this.aboveErrors;
        double[] belowErrors = this.belowErrors;
        for (int i = 0; i < noise.length; i++) {
            above[i] = price[i] * QuickExp.of(0.5 * wide[i] + noise[i] * wide[i] * above[i] * aboveErrors[i]);
        }
        for (int i = 0; i < noise.length; i++) {
            below[i] = price[i] * QuickExp.of(noise[i] * wide[i] * below[i] * belowErrors[i] - 0.5 * wide[i]);
        }
    }

    /// Rounds averages to whole gp; 0 where nobody traded.
    private static void quote(long[] quotes, double[] averages, long[] volumes) {
        for (int i = 0; i < quotes.length; i++) {
            long quote = (long) (Math.max(1, Math.min(MOST_QUOTE - 0.5, averages[i])) + 0.5);
            quotes[i] = quote & -volumes[i] >> 63; // no branch: which items nobody traded cannot be foreseen
        }
    }
}
