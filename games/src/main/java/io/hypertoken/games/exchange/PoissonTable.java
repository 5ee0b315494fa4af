package io.hypertoken.games.exchange;

/// Poisson numbers of small means, looked up: no loop and no branch, whatever is drawn.
///
/* A row for every eighth of a mean, each with 512 equally likely numbers. A mean between two rows takes either, by chance
and as near as it is, so that the mean of what is drawn is right. */
final class PoissonTable {
    /// The largest mean.
    static final int MOST = 12;
    /// Bits of a draw that it uses.
    static final int BITS = 20;

    private static final int ROWS_A_UNIT = 8;
    private static final int ROW_BITS = 9;
    private static final int ROW = 1 << ROW_BITS;
    private static final int FRACTION = 1 << BITS - ROW_BITS;
    private static final byte[] NUMBERS = new byte[(MOST * ROWS_A_UNIT + 2) << ROW_BITS];

    static {
        for (int row = 0; row << ROW_BITS < NUMBERS.length; row++) {
            double mean = (double) row / ROWS_A_UNIT;
            double probability = StrictMath.exp(-mean);
            double below = probability;
            int number = 0;
            for (int k = 0; k < ROW; k++) {
                while (below < (k + 0.5) / ROW) {
                    number++;
                    probability *= mean / number;
                    below += probability;
                }
                NUMBERS[(row << ROW_BITS) + k] = (byte) number;
            }
        }
    }

    private PoissonTable() {}

    /// @param mean from 0 to [#MOST]
    /// @param draw 20 random bits
    static int number(double mean, int draw) {
        int row = (int) (mean * ROWS_A_UNIT + (draw & FRACTION - 1) * (1.0 / FRACTION));
        return NUMBERS[(row << ROW_BITS) + (draw >>> BITS - ROW_BITS)];
    }
}
