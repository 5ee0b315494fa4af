package io.hypertoken.guests.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.check.Conformance;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.games.cartpole.CartPole;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The module of examples/wasm-cartpole plays CartPole-v1 bit for bit.
class WasmCartPoleTest {
    private static final int STEPS = 2_000;

    private static Spec module() {
        return new WasmResolver().resolve(Path.of("..", "examples", "wasm-cartpole", "cartpole.wasm").toString());
    }

    private static String digest(Spec spec, Settings settings, Map<String, ?> options) {
        try (var vector = VectorEnvironment.open(spec, spec.options(options), settings)) {
            var digest = new TrajectoryDigest(settings.rows(), STEPS);
            TrajectoryRecorder.attach(vector, digest);
            vector.reset(7);
            var script = new ScriptedActions(7, settings.rows());
            while (!digest.complete()) {
                ScriptedRun.step(vector, script);
            }
            return digest.ofBatch();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsDigestIsThatOfTheRulesInJava(Autoreset mode) {
        Settings settings = Settings.DEFAULT.rows(5).autoreset(mode);

        assertThat(digest(module(), settings, Map.of())).isEqualTo(digest(CartPole.SPEC, settings, Map.of()));
    }

    @Test
    void soItIsWithOtherOptionsAndInterpreted() {
        var options = Map.of("sutton_barto_reward", true, "wasm_interpreter", true);
        Settings settings = Settings.DEFAULT.rows(3);

        assertThat(digest(module(), settings, options))
                .isEqualTo(digest(CartPole.SPEC, settings, Map.of("sutton_barto_reward", true)));
    }

    @Test
    void anEpisodesOptionsHoldForItsRowAlone() {
        try (var here = VectorEnvironment.open(CartPole.SPEC, CartPole.SPEC.options(Map.of()), Settings.DEFAULT.rows(2));
                var there = VectorEnvironment.open(module(), module().options(Map.of()), Settings.DEFAULT.rows(2))) {
            for (VectorEnvironment vector : new VectorEnvironment[] {here, there}) {
                vector.reset(3);
                vector.reset(new boolean[] {false, true}, new long[] {0, 9}, Map.of("low", 0.1, "high", 0.2));
                vector.reset(new boolean[] {true, false}, new long[] {9, 0}, Map.of());
            }

            for (int k = 0; k < 8; k++) {
                assertThat(there.batch().observation(k / 4, k % 4)).isEqualTo(here.batch().observation(k / 4, k % 4));
            }
            assertThat(there.batch().observation(1, 0)).isBetween(0.1, 0.2);
        }
    }

    @TestFactory
    Stream<DynamicTest> itKeepsTheContract() {
        var conformance = Conformance.of(module()).steps(300);
        return Conformance.checks().stream()
                .map(check -> dynamicTest(check.name(), () -> conformance.require(check)));
    }
}
