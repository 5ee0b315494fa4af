package io.hypertoken.guests.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of rows whose module traps, does not end, or writes nonsense.
@Timeout(60)
class WasmLossTest {
    private static final int COUNT = 0;
    private static final int NO_NUMBER = 1;
    private static final int TRAP = 2;
    private static final int FOR_EVER = 3;
    private static final int TRIES = 20;
    private static final long LATEST = 510_000_000;

    private VectorEnvironment vector = open(new TestModule().spec(), 4, Autoreset.NEXT_STEP, Map.of());

    private static VectorEnvironment open(Spec spec, int rows, Autoreset mode, Map<String, ?> options) {
        var opened = VectorEnvironment.open(
                spec, spec.options(options), Settings.DEFAULT.rows(rows).autoreset(mode));
        opened.reset(5);
        return opened;
    }

    private void reopen(Spec spec, Autoreset mode, Map<String, ?> options) {
        vector.close();
        vector = open(spec, 4, mode, options);
    }

    @AfterEach
    void close() {
        vector.close();
    }

    private void step(int... actions) {
        for (int row = 0; row < actions.length; row++) {
            vector.batch().action(row, actions[row]);
        }
        vector.step();
    }

    @Test
    void aTrapTruncatesTheRowsThatWereNotPlayedYetWithTheirLastObservation() {
        step(COUNT, COUNT, COUNT, COUNT);

        step(COUNT, COUNT, TRAP, COUNT);

        var batch = vector.batch();
        for (int row = 0; row < 4; row++) {
            boolean lost = row >= 2;
            assertThat(batch.truncated(row, 0)).as("row %d", row).isEqualTo(lost);
            assertThat(batch.terminated(row, 0)).isFalse();
            assertThat(batch.reward(row, 0)).isEqualTo(lost ? 0 : 1);
            assertThat(batch.observation(row, 0)).isEqualTo(lost ? 1 : 2);
        }
        assertThat(vector.info(2, 0))
                .containsEntry("guest_lost", "ht_step trapped: Trapped on unreachable instruction");
        assertThat(vector.info(0, 0)).isEmpty();
    }

    @Test
    void afterATrapAllRowsPlayOnInANewModule() {
        step(TRAP, COUNT, COUNT, COUNT);
        step(COUNT, COUNT, COUNT, COUNT); // all are reset anew

        step(COUNT, COUNT, COUNT, COUNT);

        for (int row = 0; row < 4; row++) {
            assertThat(vector.batch().observation(row, 0)).as("row %d", row).isEqualTo(1);
            assertThat(vector.batch().reward(row, 0)).isEqualTo(1);
            assertThat(vector.info(row, 0)).isEmpty();
        }
    }

    @Test
    void rowsThatHadPlayedBeforeATrapAreLostAtTheirNextStep() {
        step(COUNT, COUNT, COUNT, TRAP);

        step(COUNT, COUNT, COUNT, COUNT);

        for (int row = 0; row < 3; row++) {
            assertThat(vector.batch().truncated(row, 0)).as("row %d", row).isTrue();
            assertThat(vector.batch().observation(row, 0)).isEqualTo(1);
        }
        assertThat(vector.batch().observation(3, 0)).isZero(); // it was reset
        step(COUNT, COUNT, COUNT, COUNT);
        step(COUNT, COUNT, COUNT, COUNT);
        assertThat(vector.batch().observation(0, 0)).isEqualTo(1);
        assertThat(vector.batch().observation(3, 0)).isEqualTo(2);
    }

    @Test
    void withSameStepAutoresetTheNextEpisodeBeginsInTheStepOfTheTrap() {
        reopen(new TestModule().column(53, 0).spec(), Autoreset.SAME_STEP, Map.of());
        step(COUNT, COUNT, COUNT, COUNT);

        step(COUNT, TRAP, COUNT, COUNT);

        for (int row = 0; row < 4; row++) {
            assertThat(vector.batch().truncated(row, 0)).as("row %d", row).isTrue();
            assertThat(vector.finalInfo(row, 0)).containsKey("guest_lost");
            assertThat(vector.batch().finalObservation(row, 0, 0, 0)).isEqualTo(1);
            assertThat(vector.batch().observation(row, 0)).isZero();
        }
    }

    @Test
    void aLostRowIsSeededFromItsOwnGenerator() {
        step(TRAP, COUNT, COUNT, COUNT);
        step(COUNT, COUNT, COUNT, COUNT);

        assertThat(vector.episodeSeed(0))
                .isNotEqualTo(VectorEnvironment.NO_SEED)
                .isNotEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndlessLoopStopsWithinTenMillisecondsOfItsDeadline(boolean interpreted) {
        reopen(
                new TestModule().spec(),
                Autoreset.NEXT_STEP,
                Map.of("step_deadline", 0.5, "wasm_interpreter", interpreted));
        long took = Long.MAX_VALUE;
        for (int k = 0; k < TRIES && took > LATEST; k++) { // on a busy machine a thread may have to wait for its core
            long began = System.nanoTime();
            step(FOR_EVER, COUNT, COUNT, COUNT);
            took = System.nanoTime() - began;

            assertThat(vector.info(0, 0)).containsEntry("guest_lost", "ht_step did not end in 0.5 s");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            vector.reset(k);
            vector.reset(k); // an episode that was not lost
        }
        assertThat(took).isBetween(500_000_000L, LATEST);
    }

    @Test
    void whoeverLosesThriceWithinAMinuteIsNotStartedAgain() {
        reopen(new TestModule().column(53, 0).spec(), Autoreset.NEXT_STEP, Map.of());
        for (int k = 0; k < 3; k++) {
            step(TRAP, TRAP, TRAP, TRAP);
            step(COUNT, COUNT, COUNT, COUNT);
        }

        assertThat(vector.info(0, 0))
                .containsEntry(
                        "environment_failed",
                        "its module was lost 3 times within 60 s, and no episode came to its end between; at last ht_step trapped: Trapped on unreachable"
                                + " instruction");
        assertThatThrownBy(() -> vector.reset(1)).isInstanceOf(HyperTokenException.class);
    }

    @Test
    void oneTrapIsOneLossWhateverRowsOutliveItForAStep() {
        for (int k = 0; k < 2; k++) {
            step(COUNT, COUNT, COUNT, TRAP);
            step(COUNT, COUNT, COUNT, COUNT); // the last is reset, the others are lost
            step(COUNT, COUNT, COUNT, COUNT); // they are reset
        }

        assertThat(vector.info(0, 0)).isEmpty();
        assertThat(vector.batch().alive(0, 0)).isTrue();
    }

    @Test
    void anEpisodeThatEndsBetweenLossesForgivesThem() {
        reopen(new TestModule().column(53, 0).spec(), Autoreset.NEXT_STEP, Map.of());
        for (int k = 0; k < 4; k++) {
            step(TRAP, TRAP, TRAP, TRAP);
            for (int n = 0; n < 12; n++) {
                step(COUNT, COUNT, COUNT, COUNT);
            }
        }

        assertThat(vector.info(0, 0)).isEmpty();
        assertThat(vector.batch().alive(0, 0)).isTrue();
    }

    @Test
    void aRewardThatIsNoNumberIsItsRowsErrorAlone() {
        step(NO_NUMBER, COUNT, COUNT, COUNT);

        assertThat(vector.batch().truncated(0, 0)).isTrue();
        assertThat(vector.info(0, 0).get("environment_error").toString())
                .contains("the module gave row 0 the reward NaN; a reward is finite; mend its ht_step");
        assertThat(vector.batch().reward(1, 0)).isEqualTo(1);
        step(COUNT, COUNT, COUNT, COUNT);
        assertThat(vector.batch().observation(0, 0)).isZero();
        assertThat(vector.batch().observation(1, 0)).isEqualTo(2);
    }

    @Test
    void aTrapInAResetFailsItAndTheNextOneTriesAgain() {
        // Traps where the seed is 13.
        var spec = new TestModule()
                .body(Export.HT_RESET, 0x20, 1, 0x42, 13, 0x51, 0x04, 0x40, 0x00, 0x0b)
                .spec();
        reopen(spec, Autoreset.NEXT_STEP, Map.of());

        assertThatThrownBy(() -> vector.reset(null, new long[] {13, 13, 13, 13}, Map.of()))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("ht_reset trapped: Trapped on unreachable instruction");
    }

    @Test
    void anotherThreadsInterruptionIsNotSwallowed() {
        Thread.currentThread().interrupt();

        step(COUNT, COUNT, COUNT, COUNT);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(vector.info(0, 0).get("guest_lost").toString()).contains("interrupted");
    }
}
