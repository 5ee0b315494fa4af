package io.hypertoken.random;

/// log(1 − u) for u in [0, 1), with the last bit as the C library's `log1p(-u)` has it on x86-64 Linux.
///
/// Source of method and constants: fdlibm, `s_log1p.c` (Sun Microsystems, 1993), in glibc's order of operations.
final class LogOneMinus {
    /*
     * StrictMath.log1p differs in 1 of 1300 results: the C library evaluates the same polynomial in another order and
     * fuses multiplications with additions where the processor can (all since 2013). numpy hands that last bit on.
     * Math.fma rounds once on every machine, so that this gives the same bits everywhere.
     */
    private static final double LN2_HIGH = 6.93147180369123816490e-01;
    private static final double LN2_LOW = 1.90821492927058770002e-10;
    private static final double P1 = 6.666666666666735130e-01;
    private static final double P2 = 3.999999999940941908e-01;
    private static final double P3 = 2.857142874366239149e-01;
    private static final double P4 = 2.222219843214978396e-01;
    private static final double P5 = 1.818357216161805012e-01;
    private static final double P6 = 1.531383769920937332e-01;
    private static final double P7 = 1.479819860511658591e-01;

    /// The high word of √2's fraction: from there on 1 + x is halved, to lie near 1.
    private static final int ROOT_FRACTION = 0x6a09e;

    private LogOneMinus() {}

    static double of(double u) {
        double x = -u;
        if (u < 0x1.0p-29) {
            return u < 0x1.0p-54 ? x : Math.fma(-0.5, x * x, x);
        }
        int high = (int) (Double.doubleToRawLongBits(x) >>> 32);
        if (high <= 0xbfd2bec3) { // u below 0.2929: 1 - u needs no scaling
            return scaled(x, 0, 0, 1);
        }
        double y = 1.0 + x;
        double lost = (x - (y - 1.0)) / y;
        long bits = Double.doubleToRawLongBits(y);
        int exponent = (int) (bits >>> 52) - 1023;
        int fraction = (int) (bits >>> 32) & 0xfffff;
        long scale = 0x3ffL;
        if (fraction >= ROOT_FRACTION) {
            exponent++;
            scale = 0x3feL;
            fraction = (0x100000 - fraction) >> 2;
        }
        double near = Double.longBitsToDouble((bits & 0x000f_ffff_ffff_ffffL) | (scale << 52));
        return scaled(near - 1.0, exponent, lost, fraction);
    }

    /// log(2^exponent · (1 + f)), with what rounding lost before; `fraction` 0 says that f is tiny.
    private static double scaled(double f, int exponent, double lost, int fraction) {
        double half = 0.5 * f * f;
        if (fraction == 0) {
            return tiny(f, half, exponent, lost);
        }
        double s = f / (2.0 + f);
        double term = s * (half + series(s * s));
        if (exponent == 0) {
            return f - (half - term);
        }
        double correction = Math.fma(exponent, LN2_LOW, lost) + term;
        return Math.fma(exponent, LN2_HIGH, -((half - correction) - f));
    }

    private static double series(double z) {
        double z2 = z * z;
        double z4 = z2 * z2;
        double sum = Math.fma(z, P1, z2 * Math.fma(z, P3, P2));
        sum = Math.fma(z4, Math.fma(z, P5, P4), sum);
        return Math.fma(z2 * z4, Math.fma(z, P7, P6), sum);
    }

    private static double tiny(double f, double half, int exponent, double lost) {
        double correction = Math.fma(exponent, LN2_LOW, lost);
        if (f == 0) {
            return Math.fma(exponent, LN2_HIGH, correction);
        }
        double r = half * Math.fma(-0.66666666666666666, f, 1.0);
        return exponent == 0 ? f - r : Math.fma(exponent, LN2_HIGH, -((r - correction) - f));
    }
}
