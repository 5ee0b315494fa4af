package io.hypertoken.games.connectfour;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import io.hypertoken.games.PeerTrajectories;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectFourTest {

    @Test
    void aHundredGamesAreThoseOfPettingZoo() {
        try (var play = OneRow.of(ConnectFour.SPEC)) {
            var lines = PeerTrajectories.lines(ConnectFourTest.class, "pettingzoo.txt.gz");

            assertThat(PeerTrajectories.replayBoardGames(play, lines)).isEqualTo(100);
        }
    }

    /// Known numbers: oeis.org/A212693, positions after n plies; from the eighth on, games that are won stop.
    @Test
    void thePositionsAfterEachPlyAreAsManyAsTheyShould() {
        List<Integer> positions = new ArrayList<>();
        try (var play = OneRow.of(ConnectFour.SPEC).reset(0)) {
            Map<String, byte[]> reached = Map.of(play.bits(0), play.vector.snapshot(0));
            for (int ply = 0; ply < 8; ply++) {
                positions.add(reached.size());
                reached = afterOneMore(play, reached);
            }
            positions.add(reached.size());
        }

        assertThat(positions).containsExactly(1, 7, 49, 238, 1_120, 4_263, 16_422, 54_859, 184_275);
    }

    private static Map<String, byte[]> afterOneMore(OneRow play, Map<String, byte[]> reached) {
        var next = new HashMap<String, byte[]>();
        for (byte[] position : reached.values()) {
            play.vector.restore(0, position);
            String mask = play.mask();
            for (int column = 0; column < mask.length() && !play.over(); column++) {
                if (mask.charAt(column) == '1') {
                    play.step(column);
                    next.putIfAbsent(play.bits(0), play.vector.snapshot(0));
                    play.vector.restore(0, position);
                }
            }
        }
        return next;
    }

    @Test
    void aFullBoardWithoutALineIsADraw() {
        try (var play = OneRow.of(ConnectFour.SPEC).reset(0)) {
            "330254564223355224331121550404466660106011".chars().forEach(column -> {
                assertThat(play.over()).isFalse();
                play.step(column - '0');
            });

            assertThat(play.over()).isTrue();
            assertThat(play.reward(0)).isZero();
            assertThat(play.reward(1)).isZero();
            assertThat(play.vector.text(0, 0)).isEqualTo("""
                    OOXOXOX
                    OXXXOXX
                    OXOXOXO
                    XOXOOOX
                    XOOOXXO
                    XXOXOXO
                    """);
        }
    }
}
