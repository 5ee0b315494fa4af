package io.hypertoken.games.acrobot;

/// Sine and cosine of float32 numbers with the bits of numpy's vectorised ones, for angles below 70,000 rad.
///
/* Gymnasium's first observation takes them of float32 numbers, where numpy does not ask the C library: it takes off
quarter turns (pi/2 as a sum of three float32 numbers, after Cody and Waite) and evaluates a polynomial on what is left,
with fused multiplications and additions throughout. Source of method and coefficients: numpy 2.4,
`loops_trigonometric.dispatch.cpp`, after N. Juffa and T. Myklebust. */
final class FloatAngle {
    private static final float QUARTERS = 0x1.45f306p-1f; // 2/pi
    private static final float ROUNDING = 0x1.8p+23f; // added and taken off, it leaves an integer
    private static final float QUARTER_HIGH = -0x1.921fb0p+0f;
    private static final float QUARTER_MIDDLE = -0x1.5110b4p-22f;
    private static final float QUARTER_LOW = -0x1.846988p-48f;

    private FloatAngle() {}

    static float sin(float x) {
        return turned(x, 0);
    }

    static float cos(float x) {
        return turned(x, 1);
    }

    /// The sine of x and so many quarter turns.
    private static float turned(float x, int more) {
        float quarters = Math.fma(x, QUARTERS, ROUNDING) - ROUNDING;
        float rest = Math.fma(quarters, QUARTER_HIGH, x);
        rest = Math.fma(quarters, QUARTER_MIDDLE, rest);
        rest = Math.fma(quarters, QUARTER_LOW, rest);
        int turns = (int) quarters + more;
        float value = (turns & 1) == 0 ? sineNearZero(rest) : cosineNearZero(rest * rest);
        return (turns & 2) == 0 ? value : -value;
    }

    private static float sineNearZero(float x) {
        float square = x * x;
        float sum = Math.fma(0x1.7d3bbcp-19f, square, -0x1.a06bbap-13f);
        sum = Math.fma(sum, square, 0x1.11119ap-7f);
        sum = Math.fma(sum, square, -0x1.555556p-3f);
        return Math.fma(sum * square, x, x);
    }

    private static float cosineNearZero(float square) {
        float sum = Math.fma(0x1.98e616p-16f, square, -0x1.6c06dcp-10f);
        sum = Math.fma(sum, square, 0x1.55553cp-5f);
        sum = Math.fma(sum, square, -0.5f);
        return Math.fma(sum, square, 1);
    }
}
