package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewBitsTest {
    private static final int SIZE = 70;
    private static final long BITS = 0xB1C7_52E9_0F3A_86D5L; // bit 0 is set: some action is allowed

    /// Shows something, and nothing else ever happens.
    private record Picture(Consumer<View> shown) implements Environment {
        @Override
        public void reset(Step step) {}

        @Override
        public void step(Step step) {}

        @Override
        public void observe(int agent, View view) {
            shown.accept(view);
        }
    }

    private static byte[] shown(DType dtype, Consumer<View> picture) {
        Spec spec = Spec.of("picture", 1)
                .observes(box(dtype, 0, 1, SIZE))
                .acts(discrete(SIZE))
                .creates(options -> new Picture(picture));
        try (var vector = open(spec, Settings.DEFAULT.rows(3))) {
            vector.reset(0);
            return Vectors.reply(vector);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 64, 69})
    void numbersOfAnArrayAreWhatTheyAreOneByOne(int count) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = i / 100f;
        }
        for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32}) {
            assertThat(shown(dtype, view -> view.set(0, SIZE - count, values, 1, count)))
                    .as(dtype.toString())
                    .isEqualTo(shown(dtype, view -> {
                        for (int i = 0; i < count; i++) {
                            view.set(0, SIZE - count + i, values[1 + i]);
                        }
                    }));
        }
        shown(DType.FLOAT32, view -> {
            refuses(() -> view.set(0, 1, values, 0, SIZE));
            refuses(() -> view.set(0, 0, values, 1, SIZE));
            refuses(() -> view.set(0, -1, values, 0, 1));
        });
    }

    @ParameterizedTest
    @EnumSource
    void theBytesOfALeafAreWhatItsElementsAreOneByOne(DType dtype) {
        MemorySegment column = MemorySegment.ofArray(new byte[2 * SIZE * dtype.bytes()]);
        for (int at = 0; at < column.byteSize(); at++) {
            column.set(ValueLayout.JAVA_BYTE, at, (byte) (at % 97));
        }
        long second = (long) SIZE * dtype.bytes();

        long copied =
                Arena.global().allocate(column.byteSize()).copyFrom(column).address();

        assertThat(shown(dtype, view -> view.set(0, column, second))).isEqualTo(shown(dtype, view -> {
            for (int k = 0; k < SIZE; k++) {
                if (dtype.floating()) {
                    view.set(0, k, Memory.getNumber(dtype, copied, SIZE + k));
                } else {
                    view.set(0, k, Memory.getInteger(dtype, copied, SIZE + k));
                }
            }
        }));
        shown(dtype, view -> refuses(() -> view.set(0, column, second + 1)));
        shown(dtype, view -> refuses(() -> view.set(1, column, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 18, 63, 64})
    void aMaskFromSomewhereOnIsWhatItIsOneByOne(int count) {
        int from = SIZE - count;
        assertThat(shown(DType.INT8, view -> view.allow(from, count, BITS))).isEqualTo(shown(DType.INT8, view -> {
            for (int i = 0; i < count; i++) {
                view.allow(from + i, (BITS >>> i & 1) != 0);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 18, 63, 64})
    void bitsAtOnceAreWhatTheyAreOneByOne(int count) {
        for (DType dtype : new DType[] {DType.INT8, DType.UINT8, DType.INT32, DType.FLOAT32}) {
            for (int k : new int[] {0, 5, SIZE - count}) {
                assertThat(shown(dtype, view -> view.setBits(k, count, BITS)))
                        .as("%s, elements from %d", dtype, k)
                        .isEqualTo(shown(dtype, view -> {
                            for (int i = 0; i < count; i++) {
                                view.set(k + i, BITS >>> i & 1);
                            }
                        }));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 64})
    void actionsAllowedAtOnceAreWhatTheyAreOneByOne(int count) {
        assertThat(shown(DType.INT8, view -> view.allow(0, count, BITS))).isEqualTo(shown(DType.INT8, view -> {
            for (int i = 0; i < count; i++) {
                view.allow(i, (BITS >>> i & 1) != 0);
            }
        }));
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "FLOAT32"})
    void bitsBeyondTheSpaceOrALongAreRefused(DType dtype) {
        shown(dtype, view -> {
            refuses(() -> view.setBits(SIZE - 9, 10, BITS));
            refuses(() -> view.setBits(-1, 10, BITS));
            refuses(() -> view.setBits(0, 65, BITS));
            refuses(() -> view.setBits(0, -1, BITS));
            refuses(() -> view.allow(0, 65, BITS));
            refuses(() -> view.allow(0, -1, BITS));
        });
    }

    private static void refuses(Runnable write) {
        assertThatThrownBy(write::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
