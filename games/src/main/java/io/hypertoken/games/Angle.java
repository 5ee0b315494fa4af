package io.hypertoken.games;

/// Sine and cosine with the bits of [StrictMath], the same on every machine, and without its garbage.
///
/* Beyond a quarter of pi StrictMath takes off quarter turns and hands what is left over in a new array; this keeps it
in two locals. Source: fdlibm 5.3, e_rem_pio2.c, k_sin.c and k_cos.c (Sun Microsystems, 1993). */
public final class Angle {
    // Sizes by their high words, as fdlibm compares them.
    private static final int EIGHTH = 0x3fe921fb; // pi/4
    private static final int THREE_EIGHTHS = 0x4002d97c; // 3 pi/4
    private static final int REDUCIBLE = 0x413921fb; // 2^19 pi/2; beyond it takes more digits of pi than these

    private static final double QUARTERS = 6.36619772367581382433e-01; // 2/pi
    /// Half of pi in three parts of 33 bits, and behind each what is missing to the whole.
    private static final double QUARTER_1 = 1.57079632673412561417e+00;

    private static final double REST_1 = 6.07710050650619224932e-11;
    private static final double QUARTER_2 = 6.07710050630396597660e-11;
    private static final double REST_2 = 2.02226624879595063154e-21;
    private static final double QUARTER_3 = 2.02226624871116645580e-21;
    private static final double REST_3 = 8.47842766036889956997e-32;
    /// So many leading bits may cancel before the next part is needed.
    private static final int SAFE_1 = 16;

    private static final int SAFE_2 = 49;

    /// The high words of the first multiples of half of pi: only their neighbourhood cancels.
    private static final int[] MULTIPLES = new int[32];

    private static final double TINY = 0x1p-27;

    private static final double S1 = -1.66666666666666324348e-01;
    private static final double S2 = 8.33333333332248946124e-03;
    private static final double S3 = -1.98412698298579493134e-04;
    private static final double S4 = 2.75573137070700676789e-06;
    private static final double S5 = -2.50507602534068634195e-08;
    private static final double S6 = 1.58969099521155010221e-10;

    private static final double C1 = 4.16666666666666019037e-02;
    private static final double C2 = -1.38888888888741095749e-03;
    private static final double C3 = 2.48015872894767294178e-05;
    private static final double C4 = -2.75573143513906633035e-07;
    private static final double C5 = 2.08757232129817482790e-09;
    private static final double C6 = -1.13596475577881948265e-11;

    static {
        for (int n = 1; n < MULTIPLES.length; n++) {
            MULTIPLES[n] = highWord(n * Math.PI / 2);
        }
    }

    private Angle() {}

    /// The sine of an angle in radians.
    public static double sin(double x) {
        int high = highWord(x) & 0x7fffffff;
        if (high > REDUCIBLE) {
            return StrictMath.sin(x);
        }
        return high <= EIGHTH ? kernelSin(x) : turned(x, high, 0);
    }

    /// The cosine of an angle in radians.
    public static double cos(double x) {
        int high = highWord(x) & 0x7fffffff;
        if (high > REDUCIBLE) {
            return StrictMath.cos(x);
        }
        return high <= EIGHTH ? kernelCos(x, 0) : turned(x, high, 1);
    }

    /// The sine of x and so many quarter turns; x lies beyond an eighth of a turn.
    private static double turned(double x, int high, int more) {
        double size = Math.abs(x);
        int n = high < THREE_EIGHTHS ? 1 : (int) (size * QUARTERS + 0.5);
        double left = size - n * QUARTER_1;
        double rest = n * REST_1;
        double y = left - rest;
        if (n >= MULTIPLES.length || high == MULTIPLES[n]) {
            int exponent = high >> 20;
            if (n == 1 || exponent - exponent(y) > SAFE_1) {
                double before = left;
                rest = n * QUARTER_2;
                left = before - rest;
                rest = n * REST_2 - ((before - left) - rest);
                y = left - rest;
                if (exponent - exponent(y) > SAFE_2) {
                    before = left;
                    rest = n * QUARTER_3;
                    left = before - rest;
                    rest = n * REST_3 - ((before - left) - rest);
                    y = left - rest;
                }
            }
        }
        double tail = (left - y) - rest;
        int quarter = ((x < 0 ? -n : n) + more) & 3;
        if (x < 0) {
            y = -y;
            tail = -tail;
        }
        double value = (quarter & 1) == 0 ? kernelSin(y, tail) : kernelCos(y, tail);
        return (quarter & 2) == 0 ? value : -value;
    }

    private static double kernelSin(double x) {
        if (Math.abs(x) < TINY) {
            return x;
        }
        double z = x * x;
        double v = z * x;
        double r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
        return x + v * (S1 + z * r);
    }

    /// The sine of `x + tail`, both small.
    private static double kernelSin(double x, double tail) {
        if (Math.abs(x) < TINY) {
            return x;
        }
        double z = x * x;
        double v = z * x;
        double r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
        return x - ((z * (0.5 * tail - v * r) - tail) - v * S1);
    }

    /// The cosine of `x + tail`, both small.
    private static double kernelCos(double x, double tail) {
        int high = highWord(x) & 0x7fffffff;
        if (high < 0x3e400000) { // TINY
            return 1;
        }
        double z = x * x;
        double r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
        if (high < 0x3fd33333) { // 0.3
            return 1 - (0.5 * z - (z * r - x * tail));
        }
        // About x/4 in few bits, taken off both terms so that their difference is exact.
        double few = high > 0x3fe90000 ? 0.28125 : Double.longBitsToDouble((long) (high - 0x00200000) << 32);
        return (1 - few) - ((0.5 * z - few) - (z * r - x * tail));
    }

    private static int highWord(double x) {
        return (int) (Double.doubleToRawLongBits(x) >> 32);
    }

    private static int exponent(double x) {
        return highWord(x) >> 20 & 0x7ff;
    }
}
