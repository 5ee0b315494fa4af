package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.random.Generator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every twin plays its plain class's game to the last bit.
class TwinTest {
    private static final Catalogue CATALOGUE = Catalogue.of(TwinTest.class.getClassLoader());

    static Stream<Arguments> vectors() {
        return CATALOGUE.specs().stream()
                .filter(spec -> spec.createTwin(spec.options(Map.of()), 1) != null)
                .flatMap(spec -> Stream.of(Autoreset.values())
                        .flatMap(mode -> Stream.of(8, 64, 513).map(rows -> Arguments.of(spec, mode, rows))));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aTwinEqualsItsPlainClassBitForBit(Spec spec, Autoreset mode, int rows) {
        Settings settings = Settings.DEFAULT.rows(rows).autoreset(mode);
        Options options = spec.options(Map.of());
        try (var plain = VectorEnvironment.open(spec, options, settings.tuning(Tuning.PLAIN));
                var twin = VectorEnvironment.open(
                        spec, options, settings.threads(2).tuning(Tuning.SHARES_ALWAYS))) {
            Generator random = Generator.seeded(rows);
            plain.reset(7);
            twin.reset(7);
            for (int step = 0; step < 2_000; step++) {
                resetEnded(plain);
                resetEnded(twin);
                for (int row = 0; row < rows; row++) {
                    long action = random.integers(
                            plain.batch().signature().actionSpaces().getFirst().maskSize());
                    plain.batch().action(row, action);
                    twin.batch().action(row, action);
                }
                plain.step();
                twin.step();

                assertThat(twin.batch().reply().mismatch(plain.batch().reply()))
                        .as("the first byte in which the replies to step %d differ", step)
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void aCartPoleAtAnyAngleIsPlayedAlikeByItsTwin() {
        Spec spec = CATALOGUE.find("CartPole-v1");
        Settings settings = Settings.DEFAULT.rows(16);
        try (var plain = VectorEnvironment.open(spec, spec.options(Map.of()), settings.tuning(Tuning.PLAIN));
                var twin = VectorEnvironment.open(spec, spec.options(Map.of()), settings)) {
            long[] seeds = new long[16];
            plain.reset(null, seeds, Map.of("low", -40, "high", 40));
            twin.reset(null, seeds, Map.of("low", -40, "high", 40));

            plain.step();
            twin.step();

            assertThat(twin.batch().reply().mismatch(plain.batch().reply())).isEqualTo(-1);
        }
    }

    @Test
    void aRowMovesBetweenATwinAndAPlainVectorByItsSnapshot() {
        Spec spec = CATALOGUE.find("CartPole-v1");
        Settings settings = Settings.DEFAULT.rows(8);
        try (var plain = VectorEnvironment.open(spec, spec.options(Map.of()), settings.tuning(Tuning.PLAIN));
                var twin = VectorEnvironment.open(spec, spec.options(Map.of()), settings)) {
            plain.reset(1);
            twin.reset(2);
            plain.step();

            for (int row = 0; row < 8; row++) {
                twin.restore(row, plain.snapshot(row));
            }
            plain.step();
            twin.step();

            assertThat(twin.batch().reply().mismatch(plain.batch().reply())).isEqualTo(-1);
        }
    }

    private static void resetEnded(VectorEnvironment vector) {
        if (vector.settings().autoreset() != Autoreset.DISABLED) {
            return;
        }
        boolean[] ended = new boolean[vector.batch().rows()];
        boolean any = false;
        for (int row = 0; row < ended.length; row++) {
            ended[row] = vector.over(row);
            any |= ended[row];
        }
        if (any) {
            vector.reset(ended, null, Map.of());
        }
    }
}
