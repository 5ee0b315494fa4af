package io.hypertoken.learn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.random.Generator;
import io.hypertoken.simd.VectorApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmTest {
    private final Generator random = Generator.seeded(1);

    @ParameterizedTest
    @CsvSource({
        "1,8,5",
        "4,64,65",
        "2,40,7",
        "5,16,9",
        "6,8,65",
        "7,24,65",
        "12,64,8",
        "256,64,65",
        "72,64,257",
        "72,8,33",
        "3,8,0",
        "8,40,1"
    })
    void bothKernelsGiveTheBitsOfTheSumInOrder(int rows, int columns, int depth) {
        int aRow = Math.max(1, depth) + 3;
        float[] a = numbers(rows * aRow);
        float[] b = numbers(Math.max(1, depth) * (columns + 8));
        float[] expected = new float[rows * columns];
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n++) {
                float sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum = Math.fma(a[m * aRow + k], b[k * (columns + 8) + n], sum);
                }
                expected[m * columns + n] = sum;
            }
        }

        float[] plain = numbers(rows * columns);
        new PlainGemm().multiply(rows, columns, depth, a, 0, aRow, 1, b, 0, columns + 8, plain, 0, columns);
        assertThat(plain).isEqualTo(expected);
        if (VectorApi.load()) {
            float[] vector = numbers(rows * columns);
            VectorGemm.multiply(rows, columns, depth, a, 0, aRow, 1, b, 0, columns + 8, vector, 0, columns);
            assertThat(vector).isEqualTo(expected);
        }
    }

    @Test
    void aTransposedMatrixIsReadInPlace() {
        float[] a = numbers(10 * 8); // depth 10, rows 8
        float[] b = numbers(10 * 8);
        float[] transposed = new float[80];
        for (int k = 0; k < 10; k++) {
            for (int m = 0; m < 8; m++) {
                transposed[m * 10 + k] = a[k * 8 + m];
            }
        }
        float[] c = new float[64];
        float[] expected = new float[64];

        new Gemm().multiply(8, 8, 10, a, 0, 1, 8, b, 0, 8, c, 0, 8);
        new Gemm().multiply(8, 8, 10, transposed, 0, 10, 1, b, 0, 8, expected, 0, 8);

        assertThat(c).isEqualTo(expected);
    }

    @Test
    void onlyTheColumnsAskedForAreWritten() {
        float[] c = new float[6 * 16];
        c[8] = 7;

        new Gemm().multiply(6, 8, 1, numbers(6), 0, 1, 1, numbers(8), 0, 8, c, 0, 16);

        assertThat(c[8]).isEqualTo(7);
    }

    @Test
    void aMatrixThatEndsBehindItsArrayIsRefusedBeforeAnythingIsWritten() {
        float[] c = new float[64];

        assertThatThrownBy(() -> new Gemm().multiply(8, 8, 8, new float[63], 0, 8, 1, new float[64], 0, 8, c, 0, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Gemm().multiply(8, 8, 8, new float[64], 0, 8, 1, new float[63], 0, 8, c, 0, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Gemm().multiply(8, 4, 8, new float[64], 0, 8, 1, new float[64], 0, 8, c, 0, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 8");
        assertThat(c).containsOnly(0);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int k = 0; k < count; k++) {
            numbers[k] = (float) random.standardNormal();
        }
        return numbers;
    }
}
