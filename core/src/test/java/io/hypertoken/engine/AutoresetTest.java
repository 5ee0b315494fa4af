package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static io.hypertoken.engine.Vectors.step;
import static io.hypertoken.fixture.Gate.FLY;
import static io.hypertoken.fixture.Gate.GO;
import static io.hypertoken.fixture.Gate.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Gate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Gymnasium's three autoreset modes, to the letter.
class AutoresetTest {
    private static VectorEnvironment gates(Autoreset mode, int rows) {
        var gates = open(Gate.SPEC, Settings.DEFAULT.autoreset(mode).rows(rows));
        gates.reset(0);
        return gates;
    }

    @Test
    void nextStepShowsTheEndThenIgnoresOneActionAndShowsTheBeginning() {
        try (var gate = gates(Autoreset.NEXT_STEP, 1)) {
            Batch batch = gate.batch();
            step(gate, GO);
            assertThat(batch.observation(0, 0)).isEqualTo(1);
            assertThat(batch.terminated(0, 0)).isTrue();
            assertThat(batch.alive(0, 0)).isFalse();
            assertThat(batch.turn(0)).isEqualTo(-1);
            assertThat(batch.allowed(0, 0, GO)).as("nobody acts").isFalse();
            assertThat(batch.episodeLength(0)).isEqualTo(1);
            assertThat(gate.over(0)).isTrue();

            step(gate, 99);
            assertThat(batch.observation(0, 0)).isZero();
            assertThat(batch.reward(0, 0)).isZero();
            assertThat(batch.terminated(0, 0)).isFalse();
            assertThat(batch.alive(0, 0)).isTrue();
            assertThat(batch.turn(0)).isZero();
            assertThat(batch.allowed(0, 0, GO)).isTrue();
            assertThat(batch.allowed(0, 0, FLY)).isFalse();
            assertThat(batch.episodeLength(0)).isZero();
            assertThat(batch.episodeReturn(0, 0)).isZero();

            step(gate, GO);
            assertThat(batch.reward(0, 0)).isEqualTo(-1);
            assertThat(batch.episodeLength(0)).isEqualTo(1);
        }
    }

    @Test
    void sameStepShowsTheBeginningAtOnceAndKeepsTheLastObservationAndTheTotals() {
        try (var gate = gates(Autoreset.SAME_STEP, 1)) {
            Batch batch = gate.batch();
            step(gate, GO);

            assertThat(batch.observation(0, 0)).isZero();
            assertThat(batch.finalObservation(0, 0, 0, 0)).isEqualTo(1);
            assertThat(batch.reward(0, 0)).isEqualTo(-1);
            assertThat(batch.terminated(0, 0)).isTrue();
            assertThat(batch.truncated(0, 0)).isFalse();
            assertThat(batch.alive(0, 0)).as("the next episode's agent").isTrue();
            assertThat(batch.turn(0)).isZero();
            assertThat(batch.allowed(0, 0, FLY)).isFalse();
            assertThat(batch.episodeReturn(0, 0)).as("of the ended episode").isEqualTo(-1);
            assertThat(batch.episodeLength(0)).isEqualTo(1);
            assertThat(gate.over(0)).isFalse();

            step(gate, WAIT);
            assertThat(batch.terminated(0, 0)).isFalse();
            assertThat(batch.episodeReturn(0, 0)).as("of the new episode").isEqualTo(-1);
            assertThat(batch.episodeLength(0)).isEqualTo(1);
        }
    }

    @Test
    void disabledNeverResetsAndRefusesToStepAnEndedRow() {
        try (var gates = gates(Autoreset.DISABLED, 2)) {
            gates.batch().action(0, GO);
            gates.batch().action(1, WAIT);
            gates.step();
            byte[] ended = Vectors.reply(gates);

            assertThatThrownBy(gates::step)
                    .hasMessage("cannot step row 0; its episode is over and autoreset is disabled; reset it first");
            assertThat(Vectors.reply(gates)).isEqualTo(ended);
        }
    }

    @Test
    void aPartialResetBeginsOnlyTheNamedRowsAndLeavesTheOthersAlone() {
        try (var gates = gates(Autoreset.DISABLED, 2)) {
            Batch batch = gates.batch();
            batch.action(0, GO);
            batch.action(1, WAIT);
            gates.step();

            gates.reset(new boolean[] {true, false}, null, Map.of());

            assertThat(batch.terminated(0, 0)).isFalse();
            assertThat(batch.reward(0, 0)).isZero();
            assertThat(batch.episodeLength(0)).isZero();
            assertThat(batch.reward(1, 0))
                    .as("row 1 still tells of its last step")
                    .isEqualTo(-1);
            assertThat(batch.episodeLength(1)).isEqualTo(1);
            step(gates, GO);
            assertThat(batch.episodeLength(0)).isEqualTo(1);
            assertThat(batch.episodeLength(1)).isEqualTo(2);
        }
    }

    @Test
    void rowsResetAtTheirOwnTimes() {
        try (var gates = gates(Autoreset.NEXT_STEP, 2)) {
            Batch batch = gates.batch();
            batch.action(0, GO);
            batch.action(1, WAIT);
            gates.step();
            assertThat(batch.terminated(0, 0)).isTrue();
            assertThat(batch.terminated(1, 0)).isFalse();

            step(gates, GO);
            assertThat(batch.terminated(0, 0)).as("row 0 began anew").isFalse();
            assertThat(batch.episodeLength(0)).isZero();
            assertThat(batch.terminated(1, 0)).isTrue();
            assertThat(batch.episodeLength(1)).isEqualTo(2);
        }
    }

    @Test
    void theStepLimitTruncatesWithoutTerminating() {
        try (var gate = gates(Autoreset.NEXT_STEP, 1)) {
            for (int k = 1; k < 64; k++) {
                step(gate, WAIT);
                assertThat(gate.batch().truncated(0, 0)).isFalse();
            }
            step(gate, WAIT);

            assertThat(gate.batch().truncated(0, 0)).isTrue();
            assertThat(gate.batch().terminated(0, 0)).isFalse();
            assertThat(gate.batch().episodeLength(0)).isEqualTo(64);
        }
    }

    @Test
    void aLastStepThatAlsoGoesThroughIsBothTerminatedAndTruncated() {
        try (var gate = gates(Autoreset.NEXT_STEP, 1)) {
            for (int k = 1; k < 64; k++) {
                step(gate, WAIT);
            }
            step(gate, GO);

            assertThat(gate.batch().terminated(0, 0)).isTrue();
            assertThat(gate.batch().truncated(0, 0)).isTrue();
        }
    }

    @Test
    void theLimitCountsAnewInEveryEpisodeOfSameStep() {
        try (var gate = gates(Autoreset.SAME_STEP, 1)) {
            step(gate, GO);
            for (int k = 1; k < 64; k++) {
                step(gate, WAIT);
                assertThat(gate.batch().truncated(0, 0)).isFalse();
            }
            step(gate, WAIT);

            assertThat(gate.batch().truncated(0, 0)).isTrue();
        }
    }

    @Test
    void withSeveralAgentsItFiresWhenTheLastOneEnds() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT.autoreset(Autoreset.SAME_STEP))) {
            auction.reset(1);
            Batch batch = auction.batch();
            int first = batch.turn(0);
            int second = (first + 1) % 3;
            int last = (first + 2) % 3;

            batch.action(0, first, 1);
            auction.step();
            assertThat(batch.terminated(0, first)).isTrue();
            assertThat(batch.alive(0, first)).isFalse();
            assertThat(batch.alive(0, last)).isTrue();
            assertThat(batch.turn(0)).isEqualTo(second);
            assertThat(auction.info(0, first)).isEqualTo(Map.of("left_at", 0));

            batch.action(0, second, 1);
            auction.step();
            assertThat(batch.terminated(0, first))
                    .as("set only where it happens")
                    .isFalse();
            assertThat(batch.terminated(0, second)).isTrue();
            assertThat(batch.terminated(0, last)).isTrue();
            assertThat(batch.alive(0, first)).as("a new episode").isTrue();
            assertThat(batch.finalObservation(0, first, 0, 1))
                    .as("when it left")
                    .isEqualTo(2);
            assertThat(batch.finalObservation(0, last, 0, 1)).isEqualTo(1);
            assertThat(batch.episodeReturn(0, last)).isEqualTo(4);
            assertThat(auction.finalInfo(0, second)).isEqualTo(Map.of("left_at", 0));
            assertThat(auction.info(0, second)).isEmpty();
        }
    }

    @Test
    void askingForFinalObservationsInAnotherModeSaysWhichHasThem() {
        try (var gate = gates(Autoreset.NEXT_STEP, 1)) {
            assertThatThrownBy(() -> gate.batch().finalObservation(0, 0, 0, 0))
                    .hasMessage("there are no final observations; only SAME_STEP autoreset has them; "
                            + "read the observations");
        }
    }
}
