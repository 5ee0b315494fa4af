package io.hypertoken.games.cartpole;

/// Sine and cosine with the bits of [StrictMath], the same on every machine, quickest for angles below 0.3 rad.
///
/* A pole that still stands leans less than 0.21 rad, where fdlibm needs no argument reduction but only these two
polynomials. Written out they are inlined, which StrictMath's own are not, and a loop over many poles vectorises.
Source: fdlibm 5.3, k_sin.c and k_cos.c (Sun Microsystems, 1993). */
final class SmallAngle {
    private static final double LIMIT = 0.2999; // fdlibm's cosine takes another form from 0.3 on

    static final double S1 = -1.66666666666666324348e-01;
    static final double S2 = 8.33333333332248946124e-03;
    static final double S3 = -1.98412698298579493134e-04;
    static final double S4 = 2.75573137070700676789e-06;
    static final double S5 = -2.50507602534068634195e-08;
    static final double S6 = 1.58969099521155010221e-10;

    static final double C1 = 4.16666666666666019037e-02;
    static final double C2 = -1.38888888888741095749e-03;
    static final double C3 = 2.48015872894767294178e-05;
    static final double C4 = -2.75573143513906633035e-07;
    static final double C5 = 2.08757232129817482790e-09;
    static final double C6 = -1.13596475577881948265e-11;

    private SmallAngle() {}

    static boolean isSmall(double x) {
        return Math.abs(x) < LIMIT;
    }

    static double sin(double x) {
        if (!isSmall(x)) {
            return StrictMath.sin(x);
        }
        return smallSin(x);
    }

    /// [#sin(double)] without the question whether the angle is small.
    static double smallSin(double x) {
        double z = x * x;
        double v = z * x;
        double r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
        return x + v * (S1 + z * r);
    }

    static double cos(double x) {
        if (!isSmall(x)) {
            return StrictMath.cos(x);
        }
        return smallCos(x);
    }

    /// [#cos(double)] without the question whether the angle is small.
    static double smallCos(double x) {
        double z = x * x;
        double r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
        return 1.0 - (0.5 * z - z * r);
    }
}
