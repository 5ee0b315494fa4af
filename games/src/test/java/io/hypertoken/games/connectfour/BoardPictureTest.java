package io.hypertoken.games.connectfour;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import io.hypertoken.games.Pixels;
import org.junit.jupiter.api.Test;

class BoardPictureTest {
    private static final String BOARD = "1f4fa3";
    private static final String HOLE = "eef2f8";
    private static final String RED = "d62839";
    private static final String YELLOW = "f4c430";

    @Test
    void tokensLieWhereTheyFell() {
        try (var play = OneRow.of(ConnectFour.SPEC).reset(0).step(3).step(3).step(6)) {
            var pixels = Pixels.of(play);

            assertThat(pixels.frame().width()).isEqualTo(448);
            assertThat(pixels.frame().height()).isEqualTo(384);
            assertThat(pixels.at(0, 0)).isEqualTo(BOARD);
            assertThat(pixels.at(32, 352)).as("column 0, bottom").isEqualTo(HOLE);
            assertThat(pixels.at(224, 352)).as("column 3, bottom").isEqualTo(RED);
            assertThat(pixels.at(224, 288)).as("column 3, second").isEqualTo(YELLOW);
            assertThat(pixels.at(224, 224)).as("column 3, third").isEqualTo(HOLE);
            assertThat(pixels.at(416, 352)).as("column 6, bottom").isEqualTo(RED);
        }
    }
}
