package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.fixture.Fuse;
import io.hypertoken.space.Spaces;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a row whose environment throws.
class QuarantineTest {

    private static void wait(VectorEnvironment fuses, int steps) {
        for (int k = 0; k < steps; k++) {
            for (int row = 0; row < fuses.settings().rows(); row++) {
                for (int agent = 0; agent < 2; agent++) {
                    fuses.batch().action(row, agent, 0);
                }
            }
            fuses.step();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "step, java.lang.ArithmeticException: blown at 3",
        "observe, java.lang.IllegalStateException: cannot look at 3",
        "mask, 'java.lang.IllegalStateException: an environment allows no action to agent 1, which is to act; its "
                + "mask needs at least one true flag; end the episode or allow a pass'"
    })
    void anEpisodeThatBreaksIsTruncatedForAllWithTheErrorInInfo(String breaks, String error) {
        try (var fuse = open(Fuse.SPEC, Settings.DEFAULT, Map.of("breaks", breaks))) {
            fuse.reset(0);
            wait(fuse, 2);
            assertThat(fuse.batch().observation(0, 0, 0, 0)).isEqualTo(2);

            wait(fuse, 1);

            Batch batch = fuse.batch();
            for (int agent = 0; agent < 2; agent++) {
                assertThat(batch.truncated(0, agent)).isTrue();
                assertThat(batch.terminated(0, agent))
                        .as("the broken step is no end by the rules")
                        .isFalse();
                assertThat(batch.reward(0, agent)).as("taken back").isZero();
                assertThat(batch.alive(0, agent)).isFalse();
                assertThat(batch.allowed(0, agent, 0)).isFalse();
                assertThat(fuse.info(0, agent)).isEqualTo(Map.of("environment_error", error));
            }
            assertThat(batch.turn(0)).isEqualTo(-1);
            assertThat(batch.observation(0, 0, 0, 0)).as("the last good one").isEqualTo(2);
            assertThat(batch.episodeReturn(0, 0)).isEqualTo(2);
            assertThat(fuse.quarantined()).isEqualTo(1);
            assertThat(fuse.over(0)).isTrue();
        }
    }

    @Test
    void aFreshCopyTakesItsPlaceAndTheOthersNeverNotice() {
        Spec spec = Fuse.SPEC;
        var sound = open(spec, Settings.DEFAULT.rows(3));
        var mixed = open(breakingInRowOne(), Settings.DEFAULT.rows(3));
        try (sound;
                mixed) {
            sound.reset(0);
            mixed.reset(0);
            for (int k = 0; k < 30; k++) {
                wait(sound, 1);
                wait(mixed, 1);
                for (int row : new int[] {0, 2}) {
                    assertThat(mixed.batch().observation(row, 0, 0, 0))
                            .isEqualTo(sound.batch().observation(row, 0, 0, 0));
                    assertThat(mixed.batch().episodeLength(row))
                            .isEqualTo(sound.batch().episodeLength(row));
                }
            }
            assertThat(mixed.quarantined()).isEqualTo(1);
        }
    }

    /// The second copy that is made breaks in its third step; all others are sound.
    private static Spec breakingInRowOne() {
        int[] made = {0};
        Spec spec = Fuse.SPEC;
        var breaking = spec.options(Map.of("breaks", "step"));
        var sound = spec.options(Map.of());
        return Spec.of("mixed", 1)
                .agents("left", "right")
                .observes(Spaces.discrete(11))
                .acts("wait", "hold")
                .creates(ignored -> spec.create(made[0]++ == 1 ? breaking : sound));
    }

    @Test
    void underSameStepTheLastGoodObservationIsTheFinalOneAndANewEpisodeHasBegun() {
        try (var fuse = open(Fuse.SPEC, Settings.DEFAULT.autoreset(Autoreset.SAME_STEP), Map.of("breaks", "step"))) {
            fuse.reset(0);
            wait(fuse, 3);

            assertThat(fuse.batch().truncated(0, 0)).isTrue();
            assertThat(fuse.batch().finalObservation(0, 0, 0, 0)).isEqualTo(2);
            assertThat(fuse.batch().observation(0, 0, 0, 0)).isZero();
            assertThat(fuse.finalInfo(0, 1)).containsKey("environment_error");
            assertThat(fuse.over(0)).isFalse();
        }
    }

    @Test
    void lookingAtABrokenRowShowsWhatWasLastSeenAndDrawsNothing() {
        try (var fuse = open(Fuse.SPEC, Settings.DEFAULT, Map.of("breaks", "step"))) {
            fuse.reset(0);
            wait(fuse, 3);

            fuse.observe(0, 0);

            assertThat(fuse.batch().observation(0, 0, 0, 0)).isEqualTo(2);
            assertThat(fuse.text(0, 0)).isNull();
        }
    }

    @Test
    void aFirstResetThatThrowsTwiceIsEnvironmentFailedAndTheRowStaysUnreset() {
        try (var fuse = open(Fuse.SPEC, Settings.DEFAULT, Map.of("breaks", "reset"))) {
            assertThatThrownBy(() -> fuse.reset(0))
                    .isInstanceOfSatisfying(
                            HyperTokenException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_FAILED))
                    .hasMessage("row 0 of fuse v1 cannot be reset (java.lang.IllegalArgumentException: no reset today);"
                            + " a fresh copy failed like the one before; mend the environment, then reset it again");
            assertThat(fuse.wasReset(0)).isFalse();
            assertThat(fuse.batch().alive(0, 0)).isFalse();
            assertThat(fuse.batch().turn(0)).isEqualTo(-1);
            assertThatThrownBy(fuse::step)
                    .hasMessage("fuse has not been reset; an episode begins with a reset; reset it first");
        }
    }

    @Test
    void anEpisodeMayNotEndInAReset() {
        try (var fuse = open(Fuse.SPEC, Settings.DEFAULT, Map.of("breaks", "end-in-reset"))) {
            assertThatThrownBy(() -> fuse.reset(0))
                    .hasMessage("row 0 of fuse v1 cannot be reset (java.lang.IllegalStateException: fuse v1 ended an "
                            + "episode in a reset; no framework can report that; let its agents play one forced turn); "
                            + "a fresh copy failed like the one before; mend the environment, then reset it again");
        }
    }

    /// Ends at once; every reset but the first throws while `broken`.
    private static final class Flaky implements Environment {
        static boolean broken;
        static int resets;

        @Override
        public void reset(Step step) {
            if (broken) {
                throw new IllegalStateException("still broken");
            }
            resets++;
        }

        @Override
        public void step(Step step) {
            step.terminate();
        }

        @Override
        public void observe(int agent, View view) {
            view.set(resets);
        }
    }

    @ParameterizedTest
    @CsvSource({"NEXT_STEP", "SAME_STEP"})
    void anAutoresetThatThrowsTwiceIsToldInTheInfoAndTriedAgainWithTheNextStep(Autoreset mode) {
        Flaky.broken = false;
        Flaky.resets = 0;
        Spec spec =
                Spec.of("flaky", 1).observes(Spaces.discrete(100)).acts("end").creates(options -> new Flaky());
        try (var flaky = open(spec, Settings.DEFAULT.autoreset(mode))) {
            flaky.reset(0);
            Flaky.broken = true;
            if (mode == Autoreset.NEXT_STEP) {
                flaky.step();
            }
            for (int tries = 0; tries < 2; tries++) {
                flaky.step();

                assertThat(flaky.info(0, 0))
                        .isEqualTo(Map.of("environment_failed", "java.lang.IllegalStateException: still broken"));
                assertThat(flaky.over(0)).isTrue();
                assertThat(flaky.batch().alive(0, 0)).isFalse();
                assertThat(flaky.batch().turn(0)).isEqualTo(-1);
                assertThat(flaky.batch().observation(0, 0)).as("it shows zeros").isZero();
            }

            Flaky.broken = false;
            flaky.step();

            assertThat(flaky.over(0)).isFalse();
            assertThat(flaky.batch().observation(0, 0)).isEqualTo(2);
            assertThat(flaky.batch().terminated(0, 0)).isFalse();
        }
    }
}
