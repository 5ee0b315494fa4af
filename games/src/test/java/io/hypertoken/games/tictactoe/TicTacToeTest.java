package io.hypertoken.games.tictactoe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.OneRow;
import io.hypertoken.games.PeerTrajectories;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicTacToeTest {

    @Test
    void twoHundredGamesAreThoseOfPettingZoo() {
        try (var play = OneRow.of(TicTacToe.SPEC)) {
            var lines = PeerTrajectories.lines(TicTacToeTest.class, "pettingzoo.txt.gz");

            assertThat(PeerTrajectories.replayBoardGames(play, lines)).isEqualTo(200);
        }
    }

    /// Known numbers: 5,478 positions can arise (oeis.org/A008907 sums to it: 1, 9, 72, 252, 756, 1260, 1520, 1140,
    /// 390, 78) and 255,168 games can be played (Schaeffer, "Combinatorics of tic-tac-toe", 2002).
    @Test
    void theWholeTreeHas5478PositionsAnd255168Games() {
        try (var play = OneRow.of(TicTacToe.SPEC).reset(0)) {
            Set<String> positions = new HashSet<>();

            int games = explore(play, positions);

            assertThat(positions).hasSize(5_478);
            assertThat(games).isEqualTo(255_168);
        }
    }

    private static int explore(OneRow play, Set<String> positions) {
        positions.add(play.bits(0));
        if (play.over()) {
            return 1;
        }
        byte[] here = play.vector.snapshot(0);
        int games = 0;
        for (int cell = 0; cell < 9; cell++) {
            if (play.mask().charAt(cell) == '1') {
                games += explore(play.step(cell), positions);
                play.vector.restore(0, here);
            }
        }
        return games;
    }

    @Test
    void markingATakenCellIsRefusedWhenPlayIsStrict() {
        try (var play = OneRow.of(TicTacToe.SPEC).reset(0).step(4)) {
            assertThatThrownBy(() -> play.step(4))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("tic-tac-toe refused action 4 of player_2; its action mask forbids it now; "
                            + "choose an action whose flag in the mask is true");
        }
    }

    @Test
    void theBoardIsDrawnWithItsCellsNumberedDownTheColumns() {
        try (var play = OneRow.of(TicTacToe.SPEC).reset(0).step(1).step(3)) {
            assertThat(play.vector.text(0, 0)).isEqualTo(".O.\nX..\n...\n");
        }
    }
}
