package io.hypertoken.games.cartpole;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.games.Pixels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CartPolePictureTest {
    private static final String WHITE = "ffffff";
    private static final String BLACK = "000000";
    private static final String POLE = "ca9865";

    /// The same points as in a frame of Gymnasium 1.4's CartPole-v1 in the same state.
    @Test
    void anUprightPoleStandsInTheMiddleOfTheTrack() {
        var pixels = new Pixels(CartPolePicture.draw(0, 0));

        assertThat(pixels.frame().width()).isEqualTo(600);
        assertThat(pixels.frame().height()).isEqualTo(400);
        assertThat(pixels.at(0, 0)).isEqualTo(WHITE);
        assertThat(pixels.at(10, 299)).as("track").isEqualTo(BLACK);
        assertThat(pixels.at(280, 310)).as("cart").isEqualTo(BLACK);
        assertThat(pixels.at(270, 290)).as("left of the cart").isEqualTo(WHITE);
        assertThat(pixels.at(300, 180)).as("pole").isEqualTo(POLE);
        assertThat(pixels.at(300, 292)).as("axle").isEqualTo("8184cb");
        assertThat(pixels.at(300, 160)).as("above the pole").isEqualTo(WHITE);
    }

    @Test
    void aPositiveAngleLeansToTheRightAndAPositivePositionLiesThere() {
        var pixels = new Pixels(CartPolePicture.draw(1.2, 0.2));

        assertThat(pixels.at(450, 305)).as("cart, 1.2 m to the right").isEqualTo(BLACK);
        assertThat(pixels.at(450 + 20, 292 - 98)).as("pole, 100 pixels up").isEqualTo(POLE);
        assertThat(pixels.at(450 - 20, 292 - 98)).isEqualTo(WHITE);
    }

    @Test
    void aCartFarAwayIsNotInThePicture() {
        var pixels = new Pixels(CartPolePicture.draw(-1e6, 1));

        assertThat(pixels.count(WHITE)).isEqualTo(600 * 399);
    }

    @Test
    void manySideBySideAreDrawnAsOneIs() {
        var options = CartPole.SPEC.options(Map.of());
        var settings = Settings.DEFAULT.rows(64);
        try (var plain = VectorEnvironment.open(CartPole.SPEC, options, settings.tuning(Tuning.PLAIN));
                var twin = VectorEnvironment.open(CartPole.SPEC, options, settings)) {
            plain.reset(5);
            twin.reset(5);

            assertThat(requireNonNull(twin.frame(63)).rgb())
                    .isEqualTo(requireNonNull(plain.frame(63)).rgb())
                    .isNotEqualTo(requireNonNull(twin.frame(0)).rgb());
        }
    }
}
