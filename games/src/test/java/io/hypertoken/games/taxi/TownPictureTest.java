package io.hypertoken.games.taxi;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.Pixels;
import org.junit.jupiter.api.Test;

class TownPictureTest {
    private static final String COAT = "8e44ad";
    private static final String TAXI = "f7c600";

    @Test
    void thePassengerWaitsAtAStandAndRidesInTheTaxi() {
        var waiting = new Pixels(TownPicture.draw(12, 0, 3));
        var riding = new Pixels(TownPicture.draw(12, 4, 3));

        assertThat(waiting.at(2 * 80 + 20, 2 * 80 + 40))
                .as("taxi in the middle")
                .isEqualTo(TAXI);
        assertThat(waiting.at(40, 52)).as("passenger at red").isEqualTo(COAT);
        assertThat(riding.at(40, 52)).as("nobody at red").isEqualTo("d9534f");
        assertThat(riding.at(2 * 80 + 40, 2 * 80 + 46))
                .as("passenger in the taxi")
                .isEqualTo(COAT);
    }

    @Test
    void wallsStandWhereATaxiCannotPass() {
        var pixels = new Pixels(TownPicture.draw(12, 4, 3));

        for (int cell = 0; cell < Town.CELLS; cell++) {
            if (cell % Town.SIDE < Town.SIDE - 1) {
                boolean wall = Town.neighbour(cell, Town.EAST) == cell;
                String between = pixels.at((cell % Town.SIDE + 1) * 80, cell / Town.SIDE * 80 + 40);
                assertThat(between.equals("3a2e28")).as("east of cell %d", cell).isEqualTo(wall);
            }
        }
    }

    @Test
    void aRingMarksTheDestination() {
        assertThat(new Pixels(TownPicture.draw(12, 4, 1)).at(4 * 80 + 8, 40)).isEqualTo("ffffff");
        assertThat(new Pixels(TownPicture.draw(12, 4, 2)).at(4 * 80 + 8, 40)).isEqualTo("5cb85c");
    }
}
