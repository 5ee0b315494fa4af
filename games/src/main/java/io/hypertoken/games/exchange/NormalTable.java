package io.hypertoken.games.exchange;

/// A normal distribution of 4,096 equally likely values, so that one 64-bit draw gives five.
///
/// For a market's noise: its tails end at 3.7 standard deviations, and the model has shocks for what lies beyond.
final class NormalTable {
    /// Bits of a draw that choose a value.
    static final int BITS = 12;

    static final int MASK = (1 << BITS) - 1;

    /// Mean 0, standard deviation 1; the same on every machine. Floats, so that half of a first-level cache is left.
    static final float[] VALUES = new float[1 << BITS];

    static {
        int half = VALUES.length / 2;
        double[] values = new double[half];
        double square = 0;
        for (int k = 0; k < half; k++) {
            values[k] = quantile((k + 0.5) / VALUES.length);
            square += values[k] * values[k] / half;
        }
        for (int k = 0; k < half; k++) {
            VALUES[k] = (float) (values[k] / StrictMath.sqrt(square));
            VALUES[VALUES.length - 1 - k] = -VALUES[k];
        }
    }

    private NormalTable() {}

    /// Where the standard normal distribution reaches a probability, by bisection of its series.
    private static double quantile(double probability) {
        double low = -8;
        double high = 0;
        for (int k = 0; k < 60; k++) {
            double middle = (low + high) / 2;
            if (cumulative(middle) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// Source: G. Marsaglia, *Evaluating the Normal Distribution* (2004), Phi.
    private static double cumulative(double x) {
        double term = x;
        double sum = x;
        double before = 0;
        for (int k = 3; sum != before; k += 2) {
            before = sum;
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-0.5 * x * x - 0.91893853320467274178);
    }
}
