package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.event.Event;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import io.hypertoken.space.Spaces;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// It happened, or it did not: what moved is an outcome, and what did not come about leaves nothing behind.
class SecondLawTest {
    private static final int GO = 0;
    private static final int END = 1;
    private static final int THROW = 2;

    /// How its failure speaks.
    private static Throwable failure = new IllegalStateException("plain");
    /// How many of the next resets throw.
    private static int failingResets;

    /// Counts its steps from a drawn number on, and does all that can be taken back before it throws.
    private static final class Talker implements Environment, Snapshot {
        static final Spec SPEC = Spec.of("talker", 1)
                .option("broken", OptionType.integers(0, 1), 0)
                .observes(Spaces.discrete(1 << 20))
                .acts("go", "end", "throw")
                .metrics("steps")
                .infoNumber("share", 1.0, "")
                .masks(MaskMeaning.NONE)
                .creates(Talker::new);
        private static final int STEPS = SPEC.metric("steps");
        private static final int SHARE = SPEC.infoNumber("share");

        private int count;

        Talker(Options options) {}

        @Override
        public void reset(Step step) {
            step.info("begun", true).emit(new Event("begun", Map.of()));
            count = step.random().integers(1000);
            if (failingResets > 0) {
                failingResets--;
                throw new IllegalStateException("cannot reset now");
            }
        }

        @Override
        public void step(Step step) {
            count++;
            step.reward(1)
                    .metric(STEPS, 1)
                    .info(SHARE, 0.5)
                    .info("said", count)
                    .emit(new Event("stepped", Map.of("count", count)));
            if (step.action() == THROW) {
                SecondLawTest.<RuntimeException>raise(failure);
            }
            step.terminateIf(step.action() == END);
        }

        @Override
        public void observe(int agent, View view) {
            view.set(count);
        }

        @Override
        public void save(DataOutput out) throws IOException {
            out.writeInt(count);
        }

        @Override
        public void load(DataInput in) throws IOException {
            count = in.readInt();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @BeforeEach
    void nothingFails() {
        failure = new IllegalStateException("plain");
        failingResets = 0;
    }

    private static void play(VectorEnvironment vector, int... actions) {
        for (int row = 0; row < actions.length; row++) {
            vector.batch().action(row, actions[row]);
        }
        vector.step();
    }

    static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 2", "2, 2", "1, 3", "2, 3", "1, 4", "2, 4"})
    void anExceptionThatCannotBeToldBreaksItsRowAloneAndTheRowsBehindItMove(int threads, int kind) {
        failure = switch (kind) {
            case 1 -> new Speechless();
            case 2 -> new RuntimeException("x".repeat(5_000_000));
            case 3 -> new StackOverflowError("deep");
            default -> new OutOfMemoryError("mine");
        };
        Settings settings = Settings.DEFAULT.rows(4).threads(threads).tuning(Tuning.SHARES_ALWAYS);
        try (var talkers = open(Talker.SPEC, settings)) {
            talkers.reset(1);
            double[] before = {0, 0, 0, 0};
            for (int row = 0; row < 4; row++) {
                before[row] = talkers.batch().observation(row, 0);
            }

            play(talkers, GO, THROW, GO, GO);

            for (int row = 0; row < 4; row++) {
                boolean broke = row == 1;
                assertThat(talkers.batch().truncated(row, 0)).isEqualTo(broke);
                assertThat(talkers.batch().observation(row, 0)).isEqualTo(before[row] + (broke ? 0 : 1));
            }
            assertThat(String.valueOf(talkers.info(1, 0).get("environment_error")))
                    .hasSizeBetween(5, 320);
            play(talkers, GO, GO, GO, GO);
            assertThat(talkers.over(1)).as("the next episode").isFalse();
        }
    }

    @Test
    void whatABrokenStepGaveToldAndEmittedIsTakenBack() {
        var events = new ArrayList<String>();
        var settings = Settings.DEFAULT.events(
                (row, episode, step, event) -> events.add(episode + "." + step + " " + event.type()));
        try (var talker = open(Talker.SPEC, settings)) {
            talker.reset(1);
            play(talker, GO);
            events.clear();

            play(talker, THROW);

            assertThat(talker.batch().metric(0, 0)).isEqualTo(1);
            assertThat(talker.batch().reward(0, 0)).isZero();
            assertThat(talker.batch().episodeReturn(0, 0)).isEqualTo(1);
            assertThat(talker.info(0, 0))
                    .isEqualTo(Map.of("environment_error", "java.lang.IllegalStateException: plain"));
            assertThat(events).isEmpty();
        }
    }

    @Test
    void aRowThatCannotBeResetIsPartOfTheOutcomeAndTheOthersAreResetOnce() {
        try (var talkers = open(Talker.SPEC, Settings.DEFAULT.rows(3))) {
            failingResets = 2; // both tries of row 0

            talkers.reset(5);

            assertThat(talkers.info(0, 0))
                    .isEqualTo(Map.of("environment_failed", "java.lang.IllegalStateException: cannot reset now"));
            assertThat(talkers.batch().alive(0, 0)).isFalse();
            assertThat(talkers.batch().turn(0)).isEqualTo(-1);
            assertThat(talkers.batch().observation(0, 0)).isZero();
            assertThat(talkers.batch().alive(1, 0)).isTrue();
            assertThat(talkers.info(1, 0)).containsEntry("begun", true);

            play(talkers, GO, GO, GO); // tries row 0 again, as if for the first time

            assertThat(talkers.over(0)).isFalse();
            assertThat(talkers.episodeSeed(0)).isEqualTo(5);
            assertThat(talkers.episodes(0)).isEqualTo(1);
            assertThat(talkers.batch().observation(0, 0)).isEqualTo(firstOf(5));
            assertThat(talkers.batch().episodeLength(1)).isEqualTo(1);
        }
    }

    private static double firstOf(long seed) {
        try (var talker = open(Talker.SPEC, Settings.DEFAULT)) {
            talker.reset(seed);
            return talker.batch().observation(0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Autoreset.class,
            names = {"NEXT_STEP", "SAME_STEP"})
    void aResetThatFailsInBetweenLeavesNoTraceInTheTrajectory(Autoreset mode) {
        assertThat(digest(mode, true)).isEqualTo(digest(mode, false));
    }

    private static String digest(Autoreset mode, boolean fails) {
        var digest = new TrajectoryDigest(2, 12);
        try (var talkers = open(Talker.SPEC, Settings.DEFAULT.rows(2).autoreset(mode))) {
            TrajectoryRecorder.attach(talkers, digest);
            talkers.reset(3);
            for (int k = 0; !digest.complete(); k++) {
                if (fails && k == 4) {
                    failingResets = 2;
                }
                boolean[] waits = {talkers.over(0), talkers.over(1)};
                long[] length = {
                    talkers.batch().episodeLength(0), talkers.batch().episodeLength(1)
                };
                play(talkers, action(waits[0], length[0]), action(waits[1], length[1]));
            }
        }
        return digest.ofBatch();
    }

    private static int action(boolean waits, long length) {
        return !waits && length % 3 == 2 ? END : GO;
    }

    @Test
    void aResetInWhichNoRowCameAboutIsRefusedAndNobodyHasAnEpisode() {
        try (var talkers = open(Talker.SPEC, Settings.DEFAULT.rows(2))) {
            talkers.reset(1);
            failingResets = 4;

            assertThatThrownBy(() -> talkers.reset(2))
                    .hasMessage("row 1 of talker v1 cannot be reset (java.lang.IllegalStateException: cannot reset "
                            + "now); a fresh copy failed like the one before; mend the environment, then reset it "
                            + "again");

            assertThat(talkers.wasReset(0)).isFalse();
            assertThatThrownBy(talkers::step).hasMessageStartingWith("talker has not been reset");
            talkers.reset(2);
            play(talkers, GO, GO);
        }
    }

    @Test
    void anAgentCycleWhoseResetFailedIsInStepWithItsVector() {
        try (var talker = open(Talker.SPEC, Settings.DEFAULT.autoreset(Autoreset.DISABLED))) {
            var view = new AecView(talker);
            view.reset(1, Map.of());
            failingResets = 2;

            assertThatThrownBy(() -> view.reset(2, Map.of())).hasMessageContaining("cannot reset now");

            assertThat(view.begun()).isFalse();
            assertThat(view.selection()).isEqualTo(AecView.NOBODY);
            view.reset(3, Map.of());
            assertThat(view.selection()).isZero();
        }
    }

    @Test
    void eventsComeInRowOrderWhateverTheThreadsAndAfterTheStep() {
        var events = new ArrayList<String>();
        var settings = Settings.DEFAULT
                .rows(8)
                .threads(2)
                .tuning(Tuning.SHARES_ALWAYS)
                .autoreset(Autoreset.SAME_STEP)
                .events((row, episode, step, event) ->
                        events.add(row + ": " + episode + "." + step + " " + event.type()));
        try (var talkers = open(Talker.SPEC, settings)) {
            talkers.reset(1);
            events.clear();
            play(talkers, GO, END, GO, GO, GO, GO, END, GO);
        }

        assertThat(events)
                .containsExactly(
                        "0: 1.1 stepped",
                        "1: 1.1 stepped",
                        "1: 2.0 begun",
                        "2: 1.1 stepped",
                        "3: 1.1 stepped",
                        "4: 1.1 stepped",
                        "5: 1.1 stepped",
                        "6: 1.1 stepped",
                        "6: 2.0 begun",
                        "7: 1.1 stepped");
    }

    @Test
    void aListenerToEventsThatThrowsDoesNotUndoTheStep() {
        var settings = Settings.DEFAULT.events((row, episode, step, event) -> {
            throw new IllegalStateException("no ears");
        });
        try (var talker = open(Talker.SPEC, settings)) {
            talker.reset(1);
            play(talker, GO);

            assertThat(talker.batch().episodeLength(0)).isEqualTo(1);
        }
    }

    @Test
    void anEventsFactsMayHoldNull() {
        var facts = new java.util.HashMap<String, Object>();
        facts.put("price", null);

        assertThat(new Event("asked", facts).facts()).containsEntry("price", null);
    }

    @ParameterizedTest
    @EnumSource(
            value = Autoreset.class,
            names = {"NEXT_STEP", "DISABLED"})
    void aBrokenRowIsSavedWithWhatItsAgentSawLast(Autoreset mode) {
        try (var talker = open(Talker.SPEC, Settings.DEFAULT.autoreset(mode));
                var other = open(Talker.SPEC, Settings.DEFAULT.autoreset(mode))) {
            talker.reset(1);
            other.reset(9);
            play(talker, GO);
            play(talker, THROW);
            double seen = talker.batch().observation(0, 0);

            other.restore(0, talker.snapshot(0));
            other.observe(0, 0);

            assertThat(other.batch().observation(0, 0)).isEqualTo(seen);
            assertThat(other.over(0)).isTrue();
            if (mode == Autoreset.NEXT_STEP) {
                play(talker, GO);
                play(other, GO);
                assertThat(Vectors.reply(other)).isEqualTo(Vectors.reply(talker));
            }
        }
    }
}
