package io.hypertoken.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A vector's own step limit in the place of the environment's.
class StepLimitTest {
    private static final int PATIENCE = 100;

    @Test
    void aLimitMayBeShorterOrLongerThanTheEnvironmentsOwn() {
        assertThat(stepsUntilTruncated(Corridor.SPEC, Settings.OWN_LIMIT)).isEqualTo(Corridor.SPEC.stepLimit());
        assertThat(stepsUntilTruncated(Corridor.SPEC, 3)).isEqualTo(3);
        assertThat(stepsUntilTruncated(Corridor.SPEC, 90)).isEqualTo(90);
        assertThat(stepsUntilTruncated(Corridor.SPEC, Settings.NO_LIMIT)).isEqualTo(PATIENCE);
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatThrownBy(() -> Settings.DEFAULT.stepLimit(-2))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage(
                        "refused max_episode_steps=-2; an episode has at least one step; pass 1 or more, or -1 for no "
                                + "limit");
    }

    @Test
    void aStateIsTakenOverByAVectorWithAnotherLimit() {
        try (var shorter = open(Dials.SPEC, 5);
                var longer = open(Dials.SPEC, 30)) {
            shorter.reset(1);
            longer.reset(2);

            longer.restore(0, shorter.snapshot(0));

            assertThat(longer.batch().episodeLength(0)).isZero();
        }
    }

    private static VectorEnvironment open(Spec spec, int limit) {
        var settings = Settings.DEFAULT.autoreset(Autoreset.DISABLED).stepLimit(limit);
        return VectorEnvironment.open(spec, spec.options(Map.of()), settings);
    }

    /// Walks to and fro, which reaches no goal.
    private static int stepsUntilTruncated(Spec spec, int limit) {
        try (var vector = open(spec, limit)) {
            vector.reset(null, null, Map.of("start", 0));
            int steps = 0;
            do {
                vector.batch().action(0, 0, steps % 2 == 0 ? 1 : 0);
                vector.step();
                steps++;
            } while (steps < PATIENCE && !vector.batch().truncated(0, 0));
            return steps;
        }
    }
}
