package io.hypertoken.learn.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.learn.store.Tensors;
import io.hypertoken.random.Generator;
import org.junit.jupiter.api.Test;

class MomentsTest {
    @Test
    void batchesJoinedAreAsOneBatch() {
        var random = Generator.seeded(2);
        var moments = new Moments(true, false, true);
        double[] sum = new double[3];
        double[] squares = new double[3];
        for (int batch = 0; batch < 20; batch++) {
            float[] x = new float[5 * 4];
            for (int row = 0; row < 5; row++) {
                for (int k = 0; k < 3; k++) {
                    x[row * 4 + k] = (float) random.normal(k, k + 1);
                    sum[k] += x[row * 4 + k];
                    squares[k] += x[row * 4 + k] * (double) x[row * 4 + k];
                }
            }
            moments.update(x, 0, 4, 5);
        }

        for (int k : new int[] {0, 2}) {
            double mean = sum[k] / 100;
            assertThat(moments.mean()[k]).isCloseTo(mean, within(1e-4));
            assertThat(moments.variance()[k]).isCloseTo(squares[k] / 100 - mean * mean, within(1e-3));
        }
        float[] x = {100, 7, 2, 1};
        moments.apply(x, 0, 4, 1);
        assertThat(x[0]).as("cut off").isEqualTo(10);
        assertThat(x[1]).as("left alone").isEqualTo(7);
        assertThat(x[3]).as("behind the row").isEqualTo(1);
    }

    @Test
    void whatIsSavedComesBack() {
        var moments = new Moments(true, true);
        moments.update(new float[] {1, 2, 3, 5}, 0, 2, 2);
        var tensors = new Tensors();
        moments.save("seen", tensors);

        var loaded = new Moments(true, true);
        loaded.load("seen", tensors);
        float[] a = {4, 4};
        float[] b = {4, 4};
        moments.apply(a, 0, 2, 1);
        loaded.apply(b, 0, 2, 1);

        assertThat(b).isEqualTo(a);
        assertThat(loaded.variance()).isEqualTo(moments.variance());
    }
}
