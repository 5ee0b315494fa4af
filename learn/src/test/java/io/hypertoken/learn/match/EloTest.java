package io.hypertoken.learn.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EloTest {
    @Test
    void twoContestantsDifferAsEloSaysOfTheirScore() {
        // 3 of 4 points: 400 log10(3) = 190.85 points (Elo 1978, the logistic curve); the draw that was never played
        // takes
        // a little of it
        Elo elo = Elo.of(2, List.of(new Elo.Meeting(0, 1, repeated(0.75, 5_000))), 1);

        assertThat(elo.rating()[0] - elo.rating()[1]).isCloseTo(190.85, within(0.1));
        assertThat(elo.rating()[0] + elo.rating()[1]).isCloseTo(3_000, within(1e-6));
    }

    @Test
    void threeWhoseScoresFitOneScaleGetIt() {
        // 10 : 1 and 10 : 1, so 100 : 1 between the outer two
        Elo elo = Elo.of(
                3,
                List.of(
                        new Elo.Meeting(0, 1, repeated(10 / 11.0, 20_000)),
                        new Elo.Meeting(1, 2, repeated(10 / 11.0, 20_000)),
                        new Elo.Meeting(0, 2, repeated(100 / 101.0, 20_000))),
                1);

        assertThat(elo.rating()[0]).isCloseTo(1_900, within(1.0));
        assertThat(elo.rating()[1]).isCloseTo(1_500, within(1.0));
        assertThat(elo.rating()[2]).isCloseTo(1_100, within(1.0));
    }

    @Test
    void whoNeverLostHasARatingToo() {
        Elo elo = Elo.of(2, List.of(new Elo.Meeting(0, 1, repeated(1, 10))), 1);

        // 20.5 of 21 points
        assertThat(elo.rating()[0] - elo.rating()[1]).isCloseTo(400 * Math.log10(20.5 / 0.5), within(0.01));
    }

    @Test
    void nineteenOfTwentyIntervalsHoldTheTruth() {
        // 200 tournaments of two who are equal: 1500 lies in the interval of 95 % of them; 99.9 % of binomial(200,
        // 0.95)
        // lies between 179 and 198
        var random = Generator.seeded(14);
        int held = 0;
        for (int k = 0; k < 100; k++) {
            double[] scores = new double[100];
            Arrays.setAll(scores, deal -> (random.integers(2) + random.integers(2)) / 2.0);
            Elo elo = Elo.of(2, List.of(new Elo.Meeting(0, 1, scores)), k);
            held += elo.low()[0] <= 1_500 && elo.high()[0] >= 1_500 ? 1 : 0;
        }

        assertThat(held).isBetween(87, 100);
    }

    private static double[] repeated(double score, int count) {
        double[] scores = new double[count];
        Arrays.fill(scores, score);
        return scores;
    }
}
