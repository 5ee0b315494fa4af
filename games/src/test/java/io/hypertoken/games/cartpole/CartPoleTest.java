package io.hypertoken.games.cartpole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.OneRow;
import io.hypertoken.games.PeerTrajectories;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CartPoleTest {

    @Test
    void twoHundredRandomEpisodesAreThoseOfGymnasiumBitForBit() {
        List<String[]> lines = PeerTrajectories.lines(CartPoleTest.class, "gymnasium.txt.gz");
        int episodes = 0;
        int next = 0;
        while (next < lines.size()) {
            String[] head = lines.get(next++);
            try (var cart = OneRow.of(CartPole.SPEC, Map.of("sutton_barto_reward", head[2].equals("1")))) {
                cart.reset(Long.parseLong(head[1]), Map.of("low", head[3], "high", head[4]));
                assertThat(floatBits(cart)).isEqualTo(String.join(" ", lines.get(next++)));
                while (next < lines.size() && !lines.get(next)[0].equals("E")) {
                    String[] line = lines.get(next++);
                    cart.step(Integer.parseInt(line[4]));
                    assertThat("%s %s %s %d"
                                    .formatted(
                                            floatBits(cart),
                                            line[4],
                                            cart.reward(0),
                                            cart.batch.terminated(0, 0) ? 1 : 0))
                            .as("line %d, seed %s", next, head[1])
                            .isEqualTo(String.join(" ", line));
                }
            }
            episodes++;
        }
        assertThat(episodes).isEqualTo(200);
    }

    @Test
    void aBalancedPoleIsTruncatedAfter500StepsAndNotTerminated() {
        try (var cart = OneRow.of(CartPole.SPEC).reset(1)) {
            int steps = 0;
            while (!cart.over()) {
                double[] state = cart.observation(0);
                cart.step(state[0] * 0.1 + state[1] * 0.3 + state[2] * 3 + state[3] > 0 ? 1 : 0);
                steps++;
            }

            assertThat(steps).isEqualTo(500);
            assertThat(cart.batch.truncated(0, 0)).isTrue();
            assertThat(cart.batch.terminated(0, 0)).isFalse();
            assertThat(cart.batch.episodeReturn(0, 0)).isEqualTo(500);
        }
    }

    @Test
    void aLowerBoundAboveTheUpperOneIsRefusedAndChangesNothing() {
        try (var cart = OneRow.of(CartPole.SPEC).reset(1)) {
            double[] before = cart.observation(0);

            assertThatThrownBy(() -> cart.reset(2, Map.of("low", 0.2)))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("CartPole-v1 refused options {low=0.2}; low must not be above high; "
                            + "change one of them, or leave them out");

            assertThat(cart.observation(0)).isEqualTo(before);
        }
    }

    @Test
    void sineAndCosineHaveTheBitsOfStrictMath() {
        for (int k = -1_000_000; k <= 1_000_000; k++) {
            double x = k * 4.2e-7; // to 0.42 rad, on both sides of where the polynomials end
            assertThat(SmallAngle.sin(x) == StrictMath.sin(x) && SmallAngle.cos(x) == StrictMath.cos(x))
                    .as("x = %s", x)
                    .isTrue();
        }
        for (int exponent = -1074; exponent < 10; exponent++) {
            double x = Math.scalb(1.0, exponent);
            assertThat(SmallAngle.sin(-x)).isEqualTo(StrictMath.sin(-x));
            assertThat(SmallAngle.cos(x)).isEqualTo(StrictMath.cos(x));
        }
    }

    private static String floatBits(OneRow cart) {
        double[] state = cart.observation(0);
        return "%08x %08x %08x %08x"
                .formatted(
                        Float.floatToRawIntBits((float) state[0]),
                        Float.floatToRawIntBits((float) state[1]),
                        Float.floatToRawIntBits((float) state[2]),
                        Float.floatToRawIntBits((float) state[3]));
    }
}
