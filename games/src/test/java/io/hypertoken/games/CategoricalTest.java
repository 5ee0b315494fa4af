package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.random.Generator;
import org.junit.jupiter.api.Test;

class CategoricalTest {

    @Test
    void itDrawsTheFirstIndexWhoseSumIsAboveTheUniformNumber() {
        var shares = new Categorical(0.25, 0, 0.5, 0.25);
        Generator random = Generator.seeded(3);
        Generator same = random.copy();

        for (int k = 0; k < 1000; k++) {
            double share = same.random();
            int expected = share < 0.25 ? 0 : share < 0.75 ? 2 : 3;
            assertThat(shares.draw(random)).isEqualTo(expected);
        }
    }

    @Test
    void aNumberBeyondAllSumsGivesTheFirstIndex() {
        var never = new Categorical(0, 0, 0);

        assertThat(never.draw(Generator.seeded(1))).isZero();
    }

    @Test
    void oneCertainOutcomeStillTakesANumberFromTheGenerator() {
        Generator random = Generator.seeded(1);
        Generator same = random.copy();
        same.random();

        new Categorical(1.0).draw(random);

        assertThat(random.random()).isEqualTo(same.random());
    }
}
