package io.hypertoken.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedPlayTest {
    private static final int STEPS = 300;

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "casino-blackjack"})
    void everyPassPlaysTheSameLegalActions(String id) {
        try (VectorEnvironment vector = open(id);
                var play = new RecordedPlay(vector, STEPS)) {
            double first = pass(vector, play);
            double second = pass(vector, play);

            assertThat(second).isEqualTo(first);
            assertThat(play.shareOfResets()).as("rows begin anew on the way").isBetween(0.01, 0.5);
        }
    }

    private static VectorEnvironment open(String id) {
        Spec spec = Catalogue.of(RecordedPlayTest.class.getClassLoader()).find(id);
        return VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(7));
    }

    /// All rewards of a pass, each weighed by its step, so that no other play comes to the same.
    private static double pass(VectorEnvironment vector, RecordedPlay play) {
        double sum = 0;
        for (int step = 1; step <= STEPS; step++) {
            play.step();
            assertThat(vector.hasInfos()).as("an illegal action would be told").isFalse();
            for (int row = 0; row < 7; row++) {
                sum += step * (row + 1) * vector.batch().reward(row, 0);
            }
        }
        return sum;
    }
}
