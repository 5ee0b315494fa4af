package io.hypertoken.games.cliffwalking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import io.hypertoken.games.Pixels;
import org.junit.jupiter.api.Test;

class CliffPictureTest {
    @Test
    void theWalkerStandsBesideTheCliff() {
        try (var row = OneRow.of(CliffWalking.SPEC).reset(1)) {
            var pixels = Pixels.of(row);

            assertThat(pixels.frame().width()).isEqualTo(12 * 60);
            assertThat(pixels.frame().height()).isEqualTo(4 * 60);
            assertThat(pixels.at(30, 3 * 60 + 40)).as("walker at the start").isEqualTo("2f6fb5");
            assertThat(pixels.at(5 * 60 + 30, 3 * 60 + 45)).as("cliff").isEqualTo("2a2430");
            assertThat(pixels.at(5 * 60 + 30, 2 * 60 + 30)).as("grass").isEqualTo("7dbb6b");
        }
    }
}
