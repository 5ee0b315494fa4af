package io.hypertoken.learn.kernel;

/// Arithmetic on whole arrays of floats, element by element or summed in a fixed order.
///
/* Every loop is short and has one index for all its arrays, so that the compiler makes vector code of it; products are
fused with sums by name, never by chance. So the interpreter and both compilers give the same bits. Sums run in eight
lanes that are added at the end, because the compiler keeps the order of a float sum and one lane would wait for itself. */
public final class Floats {
    /// Beyond it the quotient below is 1 in float.
    private static final float LARGEST_ARGUMENT = 7.90531110763549805f;

    private Floats() {}

    /// tanh of each element, at most 3e-7 off.
    ///
    /// Source: the quotient of polynomials of degree 13 and 6 that Eigen uses, `MathFunctionsImpl.h`.
    public static void tanh(float[] x, int from, int to) {
        for (int k = from; k < to; k++) {
            float t = Math.min(Math.max(x[k], -LARGEST_ARGUMENT), LARGEST_ARGUMENT);
            float s = t * t;
            float p = Math.fma(s, -2.76076847742355e-16f, 2.00018790482477e-13f);
            p = Math.fma(s, p, -8.60467152213735e-11f);
            p = Math.fma(s, p, 5.12229709037114e-08f);
            p = Math.fma(s, p, 1.48572235717979e-05f);
            p = Math.fma(s, p, 6.37261928875436e-04f);
            p = Math.fma(s, p, 4.89352455891786e-03f);
            float q = Math.fma(s, 1.19825839466702e-06f, 1.18534705686654e-04f);
            q = Math.fma(s, q, 2.26843463243900e-03f);
            q = Math.fma(s, q, 4.89352518554385e-03f);
            x[k] = t * p / q;
        }
    }

    /// The gradient before a tanh: each `gradient` times 1 - `y`², where y is what the tanh gave.
    public static void tanhBackward(float[] gradient, float[] y, int from, int to) {
        for (int k = from; k < to; k++) {
            gradient[k] *= Math.fma(-y[k], y[k], 1f);
        }
    }

    /// The larger of each element and 0.
    public static void relu(float[] x, int from, int to) {
        for (int k = from; k < to; k++) {
            x[k] = Math.max(x[k], 0f);
        }
    }

    /// The gradient before a relu: 0 where it gave 0. A factor of 0 or 1, since of a choice no vector code is made.
    public static void reluBackward(float[] gradient, float[] y, int from, int to) {
        for (int k = from; k < to; k++) {
            gradient[k] *= Math.min(y[k] * Float.MAX_VALUE, 1f);
        }
    }

    /// Adds `more` to `sum`.
    public static void add(float[] sum, float[] more, int count) {
        for (int k = 0; k < count; k++) {
            sum[k] += more[k];
        }
    }

    /// Multiplies each element.
    public static void scale(float[] x, float by, int count) {
        for (int k = 0; k < count; k++) {
            x[k] *= by;
        }
    }

    /// The sum of the squares of the first `count` elements.
    public static double sumOfSquares(float[] x, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            s0 += (double) x[k] * x[k];
            s1 += (double) x[k + 1] * x[k + 1];
            s2 += (double) x[k + 2] * x[k + 2];
            s3 += (double) x[k + 3] * x[k + 3];
        }
        for (; k < count; k++) {
            s0 += (double) x[k] * x[k];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// e^x for x at most 88, at most 3e-7 of the result off; 0 below -87.
    ///
    /// 2^n times the Taylor polynomial of degree 6 on ±ln 2 / 2.
    public static float exp(float x) {
        if (x < -87f) {
            return 0f; // also for the -∞ of what a mask forbids
        }
        float n = (float) Math.rint(x * 1.44269504f);
        float r = Math.fma(n, -0.693145751953125f, x); // ln 2 in two parts, so that the remainder is exact
        r = Math.fma(n, -1.428606765330187e-06f, r);
        float p = Math.fma(r, 1f / 720, 1f / 120);
        p = Math.fma(r, p, 1f / 24);
        p = Math.fma(r, p, 1f / 6);
        p = Math.fma(r, p, 0.5f);
        p = Math.fma(r, p, 1f);
        p = Math.fma(r, p, 1f);
        return p * Float.intBitsToFloat(((int) n + 127) << 23);
    }
}
