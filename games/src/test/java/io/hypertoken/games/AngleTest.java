package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.random.Generator;
import org.junit.jupiter.api.Test;

class AngleTest {

    @Test
    void sineAndCosineHaveTheBitsOfStrictMathAtAnySize() {
        Generator random = Generator.seeded(1);
        for (double size : new double[] {1e-8, 0.3, 0.8, 1.6, 2.4, 4, 7, 60, 1e4, 8e5, 9e5, 1e15}) {
            for (int k = 0; k < 200_000; k++) {
                requireStrict(random.uniform(-size, size));
            }
        }
    }

    @Test
    void sineAndCosineHaveTheBitsOfStrictMathAroundMultiplesOfAnEighthTurn() {
        for (int n = 0; n < 20_000; n++) {
            double multiple = n * (Math.PI / 4);
            double near = multiple;
            double far = multiple;
            for (int k = 0; k < 60; k++) {
                requireStrict(near);
                requireStrict(far);
                requireStrict(multiple + Math.scalb(1.0, -k));
                requireStrict(-multiple - Math.scalb(1.0, -k));
                near = Math.nextDown(near);
                far = Math.nextUp(far);
            }
        }
    }

    @Test
    void whatIsNoFiniteNumberHasNoSine() {
        assertThat(Angle.sin(Double.POSITIVE_INFINITY)).isNaN();
        assertThat(Angle.cos(Double.NaN)).isNaN();
    }

    private static void requireStrict(double x) {
        if (bits(Angle.sin(x)) != bits(StrictMath.sin(x)) || bits(Angle.cos(x)) != bits(StrictMath.cos(x))) {
            throw new AssertionError("x = %s: sin %s and %s, cos %s and %s"
                    .formatted(x, Angle.sin(x), StrictMath.sin(x), Angle.cos(x), StrictMath.cos(x)));
        }
    }

    private static long bits(double x) {
        return Double.doubleToRawLongBits(x);
    }
}
