package io.hypertoken.games.toyblackjack;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import io.hypertoken.games.Pixels;
import org.junit.jupiter.api.Test;

class RoundPictureTest {
    private static final String SUM = "ffffff";
    private static final String BUST = "ff6b6b";

    @Test
    void aHandOver21IsRed() {
        try (var row = OneRow.of(ToyBlackjack.SPEC).reset(3)) {
            var before = Pixels.of(row);
            while (!row.batch.terminated(0, 0)) {
                row.batch.action(0, 0, 1);
                row.vector.step();
            }

            assertThat(before.frame().width()).isEqualTo(320);
            assertThat(before.count(BUST)).isZero();
            assertThat(Pixels.of(row).count(BUST)).isPositive();
            assertThat(before.count(SUM)).isPositive();
        }
    }

    @Test
    void aPictureShowsNothingThatThePlayerMayNotKnow() {
        try (var row = OneRow.of(ToyBlackjack.SPEC).reset(3)) {
            var text = requireNonNull(row.vector.text(0, 0));
            byte[] picture = requireNonNull(row.vector.frame(0)).rgb();
            for (long seed = 4; seed < 3000; seed++) {
                row.reset(seed);
                if (text.equals(row.vector.text(0, 0))) {
                    assertThat(requireNonNull(row.vector.frame(0)).rgb()).isEqualTo(picture);
                }
            }
        }
    }
}
