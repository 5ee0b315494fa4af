package io.hypertoken.games.cartpole;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.TwinColumns;
import io.hypertoken.random.Generator;
import io.hypertoken.simd.VectorApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vector kernel is the plain one, several rows an instruction.
class KernelsTest {
    private static final int STEPS = 500;

    @ParameterizedTest
    @CsvSource({"1,false", "77,false", "256,true", "1000,false"})
    void theVectorKernelPlaysWhatThePlainOnePlaysBitForBit(int rows, boolean suttonBarto) {
        assertThat(VectorApi.load())
                .as("the Vector API is brought into this process")
                .isTrue();
        var plain = new Poles(rows, suttonBarto);
        var vector = new Poles(rows, suttonBarto);
        var kernel = new VectorKernel();
        Generator random = Generator.seeded(rows);
        for (int step = 0; step < STEPS; step++) {
            for (int row = 0; row < rows; row++) {
                long action = random.integers(2);
                plain.columns.action().setAtIndex(ValueLayout.JAVA_LONG, row, action);
                vector.columns.action().setAtIndex(ValueLayout.JAVA_LONG, row, action);
            }

            int fallen = plain.step(plain.twin.plain());

            assertThat(vector.step(kernel)).isEqualTo(fallen);
            assertThat(vector.fallen).isEqualTo(plain.fallen);
            assertThat(vector.memory.mismatch(plain.memory)).as("step %d", step).isEqualTo(-1);
            plain.standAgain(fallen);
            vector.standAgain(fallen);
        }
        assertThat(vector.twin.thetaDot).isEqualTo(plain.twin.thetaDot);
    }

    private static final class Poles {
        private final int rows;
        private final CartPoleTwin twin;
        private final MemorySegment memory;
        private final TwinColumns columns;
        private final int[] fallen;

        Poles(int rows, boolean suttonBarto) {
            this.rows = rows;
            this.twin = new CartPoleTwin(CartPole.SPEC.options(Map.of("sutton_barto_reward", suttonBarto)), rows);
            this.memory = Arena.ofAuto().allocate(rows * 33L, 64);
            this.columns = new TwinColumns(
                    memory.asSlice(0, rows * 8L),
                    memory.asSlice(rows * 8L, rows * 16L),
                    memory.asSlice(rows * 24L, rows * 8L),
                    memory.asSlice(rows * 32L, rows));
            this.fallen = new int[rows];
        }

        int step(CartPoleTwin.Kernel kernel) {
            columns.terminated().fill((byte) 0);
            Arrays.fill(fallen, -1);
            return kernel.step(twin, columns, 0, rows, fallen, 0);
        }

        void standAgain(int count) {
            for (int k = 0; k < count; k++) {
                twin.stand(fallen[k]);
            }
        }
    }
}
