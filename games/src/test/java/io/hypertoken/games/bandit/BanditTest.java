package io.hypertoken.games.bandit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.games.OneRow;
import io.hypertoken.random.Generator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BanditTest {

    /// g = default_rng(11); means = g.standard_normal(10); each reward is means[arm] + g.standard_normal().
    @Test
    void aRunIsThreeLinesOfNumpy() {
        Generator g = Generator.seeded(11);
        double[] means = new double[10];
        g.standardNormal(means);
        try (var bandit = OneRow.of(Bandit.SPEC).reset(11)) {
            for (int pull = 0; pull < 1_000; pull++) {
                assertThat(bandit.over()).isFalse();
                assertThat(bandit.observation(0)).containsExactly(1);

                bandit.step(pull % 10);

                assertThat(bandit.reward(0)).isEqualTo(means[pull % 10] + g.standardNormal());
            }
            assertThat(bandit.batch.terminated(0, 0)).isTrue();
        }
    }

    /// The expected maximum of ten standard normals is 1.53875 (Harter, "Expected Values of Normal Order Statistics",
    /// 1961); its standard deviation is 0.587, that of a mean reward of 1,000 pulls 0.032.
    @Test
    void theBestOfTenArmsPays154OnAverage() {
        double sum = 0;
        try (var bandit = OneRow.of(Bandit.SPEC, Map.of("pulls", 10))) {
            for (int seed = 0; seed < 4_000; seed++) {
                double[] means = new double[10];
                Generator.seeded(seed).standardNormal(means);
                int best = 0;
                for (int arm = 1; arm < 10; arm++) {
                    best = means[arm] > means[best] ? arm : best;
                }
                for (bandit.reset(seed); !bandit.over(); ) {
                    sum += bandit.step(best).reward(0);
                }
            }
        }

        // Standard error: sqrt((0.587² + 1/10) / 4000) = 0.0105
        assertThat(sum / 40_000).isCloseTo(1.53875, within(3 * 0.0105));
    }
}
