package io.hypertoken.learn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdamTest {
    @Test
    void theFirstStepIsTheLearningRateAlongEachGradientsSign() {
        var adam = new Adam(3, 1e-8f);
        float[] parameters = {1, 1, 1};

        adam.step(parameters, new float[] {0.5f, -20, 0}, 1, 0.1f);

        assertThat(parameters[0]).isCloseTo(0.9f, within(1e-6f));
        assertThat(parameters[1]).isCloseTo(1.1f, within(1e-6f));
        assertThat(parameters[2]).isEqualTo(1);
    }

    @Test
    void scaledGradientsCountAsScaled() {
        var scaled = new Adam(1, 1e-5f);
        var plain = new Adam(1, 1e-5f);
        float[] a = {0};
        float[] b = {0};
        for (int k = 1; k < 5; k++) {
            scaled.step(a, new float[] {k}, 0.25f, 0.01f);
            plain.step(b, new float[] {k * 0.25f}, 1, 0.01f);
        }

        assertThat(a).isEqualTo(b);
        assertThat(scaled.steps()).isEqualTo(4);
    }
}
