package io.hypertoken.games.prisonersdilemma;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IteratedPrisonersDilemmaTest {

    /// Payoffs: Axelrod (1980).
    @ParameterizedTest
    @CsvSource({"0, 0, 3, 3", "0, 1, 0, 5", "1, 0, 5, 0", "1, 1, 1, 1"})
    void aRoundPaysEachByBothMovesAndShowsThem(int first, int second, double firstEarns, double secondEarns) {
        try (var play = OneRow.of(IteratedPrisonersDilemma.SPEC).reset(0)) {
            assertThat(play.observation(0)).as("no move yet").containsExactly(2, 2);

            play.step(first, second);

            assertThat(play.reward(0)).isEqualTo(firstEarns);
            assertThat(play.reward(1)).isEqualTo(secondEarns);
            assertThat(play.observation(0)).containsExactly(first, second);
            assertThat(play.observation(1)).containsExactly(second, first);
        }
    }

    @Test
    void theDrawingTellsBothMovesAndTheRoundsLeft() {
        try (var play =
                OneRow.of(IteratedPrisonersDilemma.SPEC, Map.of("rounds", 5)).reset(0)) {
            assertThat(play.vector.text(0, 0))
                    .isEqualTo("player_0 has not moved yet   player_1 has not moved yet   rounds left 5\n");

            play.step(1, 0);

            assertThat(play.vector.text(0, 1)).isEqualTo("player_0 defects   player_1 cooperates   rounds left 4\n");
        }
    }

    /// Against itself, tit for tat cooperates throughout; against a defector it loses only the first round.
    @Test
    void titForTatLosesOnlyTheFirstRoundToADefector() {
        try (var play =
                OneRow.of(IteratedPrisonersDilemma.SPEC, Map.of("rounds", 200)).reset(0)) {
            while (!play.over()) {
                play.step(play.observation(0)[1] == 1 ? 1 : 0, 1);
            }

            assertThat(play.batch.episodeReturn(0, 0)).isEqualTo(199);
            assertThat(play.batch.episodeReturn(0, 1)).isEqualTo(5 + 199);
            assertThat(play.batch.episodeLength(0)).isEqualTo(200);
            assertThat(play.batch.terminated(0, 0) && play.batch.terminated(0, 1))
                    .isTrue();
        }
    }
}
