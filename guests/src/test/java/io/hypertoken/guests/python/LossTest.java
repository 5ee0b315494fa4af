package io.hypertoken.guests.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Guest;
import io.hypertoken.env.Spec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of rows when their Python dies, hangs or raises.
class LossTest {
    private static final int PLAY = 0;
    private static final int KILLED = 1;
    private static final int HANGS = 2;
    private static final int MEMORY = 3;
    private static final int PRINTS = 4;
    private static final int EXITS = 5;
    private static final int RAISES = 6;
    private static final int NO_RESET = 7;
    private static final int FOLDER = 8;
    private static final int WRONG = 9;
    private static final int ENDS = 10;
    private static final int DROPS = 12;

    private static Spec spec;

    @BeforeAll
    static void python() {
        TestPython.required();
        spec = TestPython.troubled();
    }

    private static VectorEnvironment open(int rows, Map<String, ?> options) {
        return VectorEnvironment.open(spec, spec.options(options), Settings.DEFAULT.rows(rows));
    }

    private static void play(VectorEnvironment vector, int... actions) {
        for (int row = 0; row < actions.length; row++) {
            vector.batch().action(row, actions[row]);
        }
        vector.step();
    }

    @Test
    void aKilledProcessTruncatesItsRowsButThoseThatHadPlayedKeepWhatTheyGot() {
        try (var vector = open(4, Map.of("workers", 2))) {
            vector.reset(10);
            play(vector, PLAY, PLAY, PLAY, PLAY);
            double seen = vector.batch().observation(1, 0);

            play(vector, PLAY, KILLED, PLAY, PLAY);

            assertThat(vector.batch().truncated(0, 0)).as("it had played").isFalse();
            assertThat(vector.batch().reward(0, 0)).isEqualTo(12);
            assertThat(vector.batch().truncated(1, 0)).isTrue();
            assertThat(vector.batch().terminated(1, 0)).isFalse();
            assertThat(vector.batch().reward(1, 0)).isZero();
            assertThat(vector.batch().observation(1, 0)).as("the last good one").isEqualTo(seen);
            assertThat(vector.info(1, 0)).isEqualTo(Map.of("guest_lost", "its process was killed by signal 9"));
            assertThat(vector.batch().reward(2, 0)).as("another worker's").isEqualTo(14);

            play(vector, PLAY, PLAY, PLAY, PLAY);

            assertThat(vector.batch().truncated(0, 0))
                    .as("its environment is gone too")
                    .isTrue();
            assertThat(vector.info(0, 0)).containsKey("guest_lost");
            assertThat(vector.over(1)).as("begun anew").isFalse();
            assertThat(vector.info(1, 0)).as("with a seed that is told").containsEntry("seeded", true);
            assertThat(vector.batch().observation(1, 0)).isEqualTo((float) vector.episodeSeed(1));
        }
    }

    @ParameterizedTest
    @EnumSource(Autoreset.class)
    void afterALossEveryModeGoesOn(Autoreset mode) {
        try (var vector = VectorEnvironment.open(
                spec, spec.options(Map.of()), Settings.DEFAULT.rows(2).autoreset(mode))) {
            vector.reset(1);

            play(vector, DROPS, PLAY);

            assertThat(mode == Autoreset.SAME_STEP ? vector.finalInfo(0, 0) : vector.info(0, 0))
                    .isEqualTo(Map.of("guest_lost", "its process ended with exit code 7"));
            assertThat(vector.batch().truncated(1, 0)).isTrue();
            if (mode == Autoreset.DISABLED) {
                vector.reset(new boolean[] {true, true}, null, Map.of());
            } else {
                play(vector, PLAY, PLAY);
            }
            play(vector, PLAY, PLAY);
            assertThat(vector.batch().truncated(0, 0)).isFalse();
            assertThat(vector.batch().reward(0, 0)).isPositive();
        }
    }

    @Test
    void aHungStepIsLostAtItsDeadlineAndSaysWhere() {
        try (var vector = open(3, Map.of("step_deadline", 0.4))) {
            vector.reset(1);
            long began = System.nanoTime();

            play(vector, PLAY, HANGS, PLAY);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            assertThat(vector.batch().truncated(0, 0)).isFalse();
            assertThat(vector.info(1, 0).get("guest_lost").toString())
                    .startsWith("it gave no answer within 0.4 s and was ended; it hung at troubled.py:")
                    .endsWith(" in step");
            assertThat(vector.deadline()).contains(Duration.ofMillis(120_000 + 3 * 400));
        }
    }

    @Test
    void whatOneRowRaisesIsThatRowsAlone() {
        try (var vector = open(7, Map.of("workers", 1))) {
            vector.reset(1);

            play(vector, PLAY, RAISES, MEMORY, EXITS, WRONG, FOLDER, PRINTS);

            assertThat(vector.batch().reward(0, 0)).isEqualTo(2);
            assertThat(vector.info(1, 0).get("environment_error").toString())
                    .matches("ValueError: no such door \\(troubled.py:\\d+ in step\\)");
            assertThat(vector.info(2, 0).get("environment_error").toString()).startsWith("MemoryError");
            assertThat(vector.info(3, 0).get("environment_error").toString()).startsWith("SystemExit: enough");
            assertThat(vector.info(4, 0).get("environment_error").toString())
                    .startsWith("ValueError: an observation has shape (3,), its space (2,)");
            assertThat(vector.batch().reward(5, 0)).as("without its folder").isEqualTo(7);
            assertThat(vector.batch().reward(6, 0)).as("after printing 2 MB").isEqualTo(8);

            play(vector, PLAY, PLAY, PLAY, PLAY, PLAY, PLAY, PLAY);

            for (int row = 0; row < 7; row++) {
                assertThat(vector.over(row)).as("row %d goes on", row).isFalse();
            }
        }
    }

    @Test
    void aResetThatRaisesIsTriedWithAFreshCopy() {
        try (var vector = open(2, Map.of("workers", 1))) {
            vector.reset(1);
            play(vector, NO_RESET, PLAY);
            play(vector, ENDS, PLAY);

            play(vector, PLAY, PLAY);

            assertThat(vector.over(0)).isFalse();
            assertThat(vector.info(0, 0)).containsEntry("seeded", true);
            assertThat(vector.batch().reward(1, 0)).isEqualTo(5);
        }
    }

    @Test
    void aCloseThatRaisesOrHangsKeepsNobody() {
        for (String how : new String[] {"raises", "hangs"}) {
            long pid;
            try (var vector =
                    open(2, Map.of("close", how, "workers", 1, "reset_deadline", 2.0, "step_deadline", 1.0))) {
                vector.reset(1);
                play(vector, RAISES, PLAY);
                play(vector, PLAY, PLAY);
                pid = ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .mapToLong(ProcessHandle::pid)
                        .max()
                        .orElseThrow();
            }
            Processes.awaitEnd(pid);
        }
    }

    @Test
    void whoLooksAfterItSeesItsProcessItsLossesAndItsLastWords() {
        try (var vector = open(3, Map.of("workers", 1))) {
            vector.reset(1);
            Guest before = vector.guests().getFirst();
            assertThat(before).isEqualTo(new Guest(before.runs(), 3, 0, ""));
            assertThat(before.runs()).matches("process \\d+");

            play(vector, KILLED, PLAY, PLAY);
            play(vector, PLAY, PLAY, PLAY);

            Guest after = vector.guests().getFirst();
            assertThat(after.runs()).matches("process \\d+").isNotEqualTo(before.runs());
            assertThat(after.losses()).isOne();
            assertThat(after.lastWords()).contains("signal 9");
        }
    }

    @Test
    void threeLossesWithoutAnEndedEpisodeAreTheLast() {
        try (var vector = open(1, Map.of())) {
            vector.reset(1);
            for (int loss = 0; loss < 3; loss++) {
                play(vector, DROPS);
                assertThat(vector.info(0, 0)).containsEntry("guest_lost", "its process ended with exit code 7");
                play(vector, PLAY);
            }

            assertThat(vector.info(0, 0).get("environment_failed").toString())
                    .isEqualTo(
                            "its Python was lost 3 times within 60 s, and no episode came to its end between; at last "
                                    + "its process ended with exit code 7");
        }
    }

    @Test
    void anEndedEpisodeForgivesTheLossesBeforeIt() {
        try (var vector = open(1, Map.of())) {
            vector.reset(1);
            for (int loss = 0; loss < 4; loss++) {
                play(vector, DROPS);
                play(vector, PLAY);
                play(vector, ENDS);
                assertThat(vector.batch().terminated(0, 0)).isTrue();
                play(vector, PLAY);
            }
        }
    }

    @Test
    void whatDiesWhenItIsMadeIsRefusedWithItsLastWords() {
        assertThatThrownBy(() -> open(1, Map.of("start", "exits")))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("cannot be played; SystemExit: 3 (troubled.py:");
        assertThatThrownBy(() -> open(1, Map.of("start", "dies")))
                .hasMessageContaining("cannot be played; its process was killed by signal 9");
    }

    @Test
    void infosOptionsAndDrawingsArrive() {
        try (var vector = open(2, Map.of("title", "rook", "kwargs", "{\"size\": 5}"))) {
            vector.reset(null, new long[] {5, 6}, Map.of("reset_options", "{\"count\": 40}"));
            assertThat(vector.batch().observation(1, 4)).isEqualTo(40);

            play(vector, PLAY, PLAY);

            assertThat(vector.info(0, 0))
                    .isEqualTo(Map.of("half", 0.5, "name", "rook", "list", java.util.List.of(0L, 1L, 2L)));
            assertThat(vector.text(1, 0)).isEqualTo("at 41");
            assertThat(vector.frame(1).width()).isEqualTo(3);
            assertThat(vector.frame(1).rgb()).containsOnly(41);
            assertThat(spec.stepLimit()).isEqualTo(100);
            assertThat(spec.version()).isEqualTo(3);
        }
    }

    @Test
    void aPlainCopyIsServedByTheSameRules() {
        var copy = spec.create(spec.options(Map.of()));
        copy.close();
    }
}
