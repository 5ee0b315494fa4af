package io.hypertoken.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Fuse;
import io.hypertoken.record.ScriptedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows whose rules run elsewhere, hosted by [DelayedRows].
class RemoteRowsTest {
    private static final Duration NONE = Duration.ZERO;

    private final List<DelayedRows> groups = new ArrayList<>();

    private VectorEnvironment open(Spec rules, Settings settings) {
        return open(rules, settings, Map.of());
    }

    private VectorEnvironment open(Spec rules, Settings settings, Map<String, ?> options) {
        Spec hosted = DelayedRows.hosting(rules, NONE, groups::add);
        return VectorEnvironment.open(hosted, hosted.options(options), settings);
    }

    private static void play(VectorEnvironment vector, int action) {
        for (int row = 0; row < vector.settings().rows(); row++) {
            vector.batch().action(row, action);
        }
        vector.step();
    }

    @TestFactory
    Stream<DynamicContainer> everyCheckPassesThatTheRulesThemselvesPass() {
        return Stream.of(Auction.SPEC, Duel.SPEC).map(rules -> {
            Spec hosted = DelayedRows.hosting(rules, NONE, group -> {});
            return dynamicContainer(
                    rules.id(),
                    Conformance.checks().stream()
                            .filter(check -> !check.name().equals("allocation")) // messages are objects
                            .map(check -> dynamicTest(check.name(), () -> requireNoFailure(hosted, check))));
        });
    }

    private static void requireNoFailure(Spec hosted, Check check) {
        Finding finding = Conformance.of(hosted).run(check);
        assertThat(finding.outcome())
                .as(finding.toString())
                .isIn(Outcome.PASSED, Outcome.WARNED, Outcome.NOT_APPLICABLE);
    }

    @ParameterizedTest
    @EnumSource(Autoreset.class)
    void theTrajectoryIsThatOfTheSameRulesHere(Autoreset mode) {
        Settings settings = Settings.DEFAULT.rows(16).autoreset(mode);
        for (Spec rules : List.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC)) {
            String here = ScriptedRun.digest(rules, rules.options(Map.of()), settings, 5, 200);
            try (var elsewhere = open(rules, settings)) {
                assertThat(ScriptedRun.digest(elsewhere, 5, 200)).as(rules.id()).isEqualTo(here);
            }
        }
    }

    @Test
    void aStepOfSixtyFourRowsIsOneMessage() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(64))) {
            corridors.reset(1);
            assertThat(groups.getFirst().messages).as("the reset").isEqualTo(1);

            for (int k = 0;
                    k < 20;
                    k++) { // rows end in between, and are reset in the same message that steps the others
                play(corridors, 1);
            }

            assertThat(groups.getFirst().messages).isEqualTo(21);
        }
    }

    @Test
    void underSameStepRowsThatEndCostOneMessageMore() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(64).autoreset(Autoreset.SAME_STEP))) {
            corridors.reset(1);
            DelayedRows group = groups.getFirst();
            for (int k = 0; k < 20; k++) {
                int before = group.messages;
                play(corridors, 1);
                boolean ended = false;
                for (int row = 0; row < 64; row++) {
                    ended |= corridors.batch().terminated(row, 0);
                }
                assertThat(group.messages - before).isEqualTo(ended ? 2 : 1);
            }
        }
    }

    @Test
    void aWorkerThatDiesTruncatesTheRowsThatItHadNotPlayedAndKeepsTheOthersSteps() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(4), Map.of("length", 64))) {
            corridors.reset(new boolean[] {true, true, true, true}, new long[] {1, 2, 3, 4}, Map.of());
            play(corridors, 0);
            double[] seen = new double[4];
            for (int row = 0; row < 4; row++) {
                seen[row] = corridors.batch().observation(row, 0);
            }
            groups.getFirst().diesAfterRows = 2;

            play(corridors, 1);

            for (int row = 0; row < 2; row++) {
                assertThat(corridors.batch().truncated(row, 0)).isFalse();
                assertThat(corridors.batch().reward(row, 0)).isEqualTo(-1);
                assertThat(corridors.batch().observation(row, 0)).isEqualTo(seen[row] + 1);
            }
            for (int row = 2; row < 4; row++) {
                assertThat(corridors.batch().truncated(row, 0)).isTrue();
                assertThat(corridors.batch().terminated(row, 0)).isFalse();
                assertThat(corridors.batch().reward(row, 0))
                        .as("none is made up")
                        .isZero();
                assertThat(corridors.batch().observation(row, 0))
                        .as("the last good one")
                        .isEqualTo(seen[row]);
                assertThat(corridors.info(row, 0)).isEqualTo(Map.of("guest_lost", "its thread died"));
            }
        }
    }

    @Test
    void aLostRowIsMadeAnewWithASeedOfItsOwnGeneratorWhichIsRecorded() {
        try (var corridor = open(Corridor.SPEC, Settings.DEFAULT, Map.of("length", 64))) {
            corridor.reset(7);
            groups.getFirst().diesAfterRows = 0;
            play(corridor, 0);
            assertThat(corridor.batch().truncated(0, 0)).isTrue();

            play(corridor, 0);

            assertThat(corridor.over(0)).isFalse();
            long seed = corridor.episodeSeed(0);
            assertThat(seed).isNotEqualTo(VectorEnvironment.NO_SEED).isNotEqualTo(7);
            double began = corridor.batch().observation(0, 0);
            corridor.reset(seed);
            assertThat(corridor.batch().observation(0, 0)).isEqualTo(began);
        }
    }

    @Test
    void aDeadlineThatPassesIsALossAndTheNextEpisodeComes() {
        try (var corridor = open(Corridor.SPEC, Settings.DEFAULT, Map.of("length", 64))) {
            corridor.reset(7);
            assertThat(corridor.deadline()).contains(Duration.ofSeconds(10));
            groups.getFirst().hangs = true;

            play(corridor, 0);

            assertThat(corridor.info(0, 0)).containsKey("guest_lost");
            play(corridor, 0);
            assertThat(corridor.over(0)).isFalse();
        }
    }

    @Test
    void anExceptionOfOneRowsRulesIsThatRowsAlone() {
        try (var fuses = open(Fuse.SPEC, Settings.DEFAULT.rows(3), Map.of("breaks", "step"))) {
            fuses.reset(0);
            for (int k = 0; k < 3; k++) {
                fuses.step();
            }

            assertThat(fuses.info(0, 0))
                    .isEqualTo(Map.of(
                            "environment_error",
                            "java.lang.IllegalStateException: java.lang.ArithmeticException: blown at 3"));
            fuses.step();
            assertThat(fuses.over(0)).as("made anew").isFalse();
        }
    }

    @Test
    void aResetThatIsLostIsAskedOnceMoreAndThenComesAbout() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(2))) {
            corridors.reset(7);
            groups.getFirst().diesAfterRows = 0;

            corridors.reset(8);

            assertThat(corridors.over(0)).isFalse();
            assertThat(corridors.episodeSeed(1)).isEqualTo(9);
        }
    }

    @Test
    void closingTheVectorClosesTheGroup() {
        open(Corridor.SPEC, Settings.DEFAULT).close();

        assertThat(groups.getFirst().closed).isTrue();
    }

    @Test
    void aPlainCopyIsOneRowThatEndsItsGroupWhenItIsClosed() {
        Spec hosted = DelayedRows.hosting(Corridor.SPEC, NONE, groups::add);

        hosted.create(hosted.options(Map.of())).close();

        assertThat(groups.getFirst().closed).isTrue();
    }

    @Test
    void itsStateCannotBeSaved() {
        try (var corridor = open(Corridor.SPEC, Settings.DEFAULT)) {
            corridor.reset(1);

            assertThatThrownBy(() -> corridor.snapshot(0))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("corridor cannot be saved or restored; it has no snapshot of its state; "
                            + "replay its seed and actions instead");
            assertThatThrownBy(() -> corridor.restore(0, new byte[9]))
                    .hasMessageStartingWith("corridor cannot be saved or restored");
        }
    }
}
