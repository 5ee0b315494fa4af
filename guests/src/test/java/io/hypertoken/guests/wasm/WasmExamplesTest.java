package io.hypertoken.guests.wasm;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.HyperTokenException;
import io.hypertoken.check.Conformance;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.games.cartpole.CartPole;
import io.hypertoken.games.tictactoe.TicTacToe;
import io.hypertoken.random.Generator;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The modules of examples/wasm-* keep the contract, and two of them play games of ours bit for bit.
class WasmExamplesTest {
    private static final int STEPS = 1_000;

    private static final Spec CART_POLE = example("wasm-cartpole", "cartpole.wasm");
    private static final Spec TIC_TAC_TOE = example("wasm-tic-tac-toe", "tictactoe.wasm");
    private static final Spec GRID = example("wasm-grid", "grid.wasm");
    private static final Spec CORRIDOR = example("wasm-corridor", "corridor.wasm");

    private static Spec example(String folder, String file) {
        return new WasmResolver()
                .resolve(Path.of("..", "examples", folder, file).toString());
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
    void theDigestsAreThoseOfTheRulesInJava(Autoreset mode) {
        Settings settings = Settings.DEFAULT.rows(5).autoreset(mode);

        assertThat(digest(CART_POLE, settings, Map.of())).isEqualTo(digest(CartPole.SPEC, settings, Map.of()));
        assertThat(digest(TIC_TAC_TOE, settings, Map.of())).isEqualTo(digest(TicTacToe.SPEC, settings, Map.of()));
    }

    @Test
    void soTheyAreWithOtherOptionsAndInterpreted() {
        Settings settings = Settings.DEFAULT.rows(3);

        assertThat(digest(CART_POLE, settings, Map.of("sutton_barto_reward", true, "wasm_interpreter", true)))
                .isEqualTo(digest(CartPole.SPEC, settings, Map.of("sutton_barto_reward", true)));
    }

    @Test
    void anEpisodesOptionsHoldForItsRowAlone() {
        try (var here = VectorEnvironment.open(
                        CartPole.SPEC, CartPole.SPEC.options(Map.of()), Settings.DEFAULT.rows(2));
                var there = VectorEnvironment.open(CART_POLE, CART_POLE.options(Map.of()), Settings.DEFAULT.rows(2))) {
            for (VectorEnvironment vector : new VectorEnvironment[] {here, there}) {
                vector.reset(3);
                vector.reset(new boolean[] {false, true}, new long[] {0, 9}, Map.of("low", 0.1, "high", 0.2));
                vector.reset(new boolean[] {true, false}, new long[] {9, 0}, Map.of());
            }

            for (int k = 0; k < 8; k++) {
                assertThat(there.batch().observation(k / 4, k % 4))
                        .isEqualTo(here.batch().observation(k / 4, k % 4));
            }
            assertThat(there.batch().observation(1, 0)).isBetween(0.1, 0.2);
        }
    }

    /// The corridor draws its start by the header's ht_integers.
    @Test
    void theHeadersGeneratorIsNumpys() {
        try (var vector = VectorEnvironment.open(
                CORRIDOR, CORRIDOR.options(Map.of("length", 50)), Settings.DEFAULT.autoreset(Autoreset.DISABLED))) {
            for (long seed : new long[] {0, 1, 7, 123_456_789_012L, Long.MAX_VALUE - 1}) {
                var numpy = Generator.seeded(seed);
                vector.reset(seed);
                for (int draw = 0; draw < 20; draw++) {
                    assertThat(vector.batch().observation(0, 0)).isEqualTo(numpy.integers(0, 49));
                    vector.reset(null, null, Map.of());
                }
            }
        }
    }

    @Test
    void aModuleDrawsItsRowsAsTextAndAsAPicture() {
        try (var vector = VectorEnvironment.open(GRID, GRID.options(Map.of()), Settings.DEFAULT.rows(2))) {
            vector.reset(3);
            int walker = (int) vector.batch().observation(1, 0);
            int goal = (int) vector.batch().observation(1, 1);
            char[] cells = new char[25];
            Arrays.fill(cells, '.');
            cells[walker] = 'W';
            cells[goal] = 'G';

            assertThat(vector.text(1, Renders.SPECTATOR)).isEqualTo(new String(cells).replaceAll("(.....)", "$1\n"));
            Frame frame = vector.frame(1);
            assertThat(pixel(frame, walker)).containsExactly(-1, -1, -1);
            assertThat(pixel(frame, goal)).containsExactly(0, -1, 0);
        }
        assertThat(CART_POLE.drawsText()).isFalse();
        assertThat(TIC_TAC_TOE.drawsFrames()).isFalse();
    }

    private static byte[] pixel(Frame frame, int cell) {
        int at = 3 * (40 * (8 * (cell / 5) + 3) + 8 * (cell % 5) + 3);
        return Arrays.copyOfRange(frame.rgb(), at, at + 3);
    }

    @Test
    void moreRowsThanAModuleHasRoomForAreRefusedInItsWords() {
        assertThatThrownBy(() -> VectorEnvironment.open(GRID, GRID.options(Map.of()), Settings.DEFAULT.rows(1_025)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("with 1025 rows; its ht_open says: this module has room for 1024 rows; ");
    }

    @Test
    void aSnapshotIsRefused() {
        try (var vector = VectorEnvironment.open(GRID, GRID.options(Map.of()), Settings.DEFAULT)) {
            vector.reset(3);

            assertThatThrownBy(() -> vector.snapshot(0))
                    .isInstanceOfSatisfying(
                            HyperTokenException.class,
                            refused -> assertThat(refused.code()).isEqualTo(BAD_FIELD));
        }
    }

    @TestFactory
    Stream<DynamicTest> theyKeepTheContract() {
        return Stream.of(CART_POLE, TIC_TAC_TOE, GRID, CORRIDOR).flatMap(spec -> {
            var conformance = Conformance.of(spec).steps(150);
            return Conformance.checks().stream()
                    .map(check -> dynamicTest(spec.id() + " " + check.name(), () -> conformance.require(check)));
        });
    }
}
