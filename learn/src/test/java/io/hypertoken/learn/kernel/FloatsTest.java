package io.hypertoken.learn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FloatsTest {
    @Test
    void tanhIsWithinThreeTenMillionthsEverywhere() {
        float[] x = new float[40_001];
        for (int k = 0; k < x.length; k++) {
            x[k] = (k - 20_000) / 1000f;
        }
        float[] y = x.clone();

        Floats.tanh(y, 0, y.length);

        double worst = 0;
        for (int k = 0; k < x.length; k++) {
            worst = Math.max(worst, Math.abs(y[k] - Math.tanh(x[k])));
        }
        assertThat(worst).isLessThan(3e-7);
    }

    @Test
    void expIsWithinThreeTenMillionthsOfTheResultAndZeroForWhatIsForbidden() {
        double worst = 0;
        for (int k = -80_000; k <= 80_000; k++) {
            float x = k / 1000f;
            worst = Math.max(worst, Math.abs(Floats.exp(x) / Math.exp(x) - 1));
        }

        assertThat(worst).isLessThan(3e-7);
        assertThat(Floats.exp(0f)).isEqualTo(1f);
        assertThat(Floats.exp(Float.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void activationsSendBackTheirOwnDerivative() {
        float[] x = {-2, -0.5f, 0.1f, 3};
        float[] tanh = x.clone();
        float[] relu = x.clone();
        float[] throughTanh = {1, 1, 1, 1};
        float[] throughRelu = {1, 1, 1, 1};

        Floats.tanh(tanh, 0, 4);
        Floats.tanhBackward(throughTanh, tanh, 0, 4);
        Floats.relu(relu, 0, 4);
        Floats.reluBackward(throughRelu, relu, 0, 4);

        for (int k = 0; k < 4; k++) {
            assertThat(throughTanh[k]).isCloseTo((float) (1 - Math.pow(Math.tanh(x[k]), 2)), within(1e-6f));
        }
        assertThat(throughRelu).containsExactly(0, 0, 1, 1);
    }

    @Test
    void sumsCoverEveryElementOnce() {
        float[] x = {1, 2, 3, 4, 5, 6, 100};

        assertThat(Floats.sumOfSquares(x, 6)).isEqualTo(91);
    }
}
