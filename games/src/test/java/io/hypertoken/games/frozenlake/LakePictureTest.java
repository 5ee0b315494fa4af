package io.hypertoken.games.frozenlake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.Pixels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LakePictureTest {
    private static final String ICE = "e4f3fb";
    private static final String HOLE = "123a5a";
    private static final String COAT = "d9822b";
    private static final String DROWNED = "3f6c8c";

    @Test
    void aWalkerStandsOnItsCell() {
        var pixels = new Pixels(LakePicture.draw(lake("SFH,FFG"), 1));

        assertThat(pixels.frame().width()).isEqualTo(3 * 64);
        assertThat(pixels.frame().height()).isEqualTo(2 * 64);
        assertThat(pixels.at(64 + 32, 42)).as("walker").isEqualTo(COAT);
        assertThat(pixels.at(32, 64 + 42)).as("plain ice").isEqualTo(ICE);
        assertThat(pixels.at(2 * 64 + 32, 32)).as("hole").isEqualTo(HOLE);
        assertThat(pixels.at(2 * 64 + 30, 64 + 20)).as("flag at the goal").isEqualTo("d62839");
    }

    @Test
    void aWalkerInAHoleHasDrowned() {
        var pixels = new Pixels(LakePicture.draw(lake("SFH,FFG"), 2));

        assertThat(pixels.count(DROWNED)).isPositive();
        assertThat(pixels.count(COAT)).isZero();
    }

    @Test
    void aLargeLakeIsDrawnInSmallCells() {
        String row = "F".repeat(500);
        var pixels = new Pixels(LakePicture.draw(lake("S" + row.substring(1)), 0));

        assertThat(pixels.frame().width()).isEqualTo(500 * (2048 / 500));
    }

    private static Lake lake(String desc) {
        return Lake.of(FrozenLake.SPEC.options(Map.of("desc", desc)));
    }
}
