package io.hypertoken.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.fixture.Corridor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VectorEnvironmentTest {

    private static VectorEnvironment corridors(Settings settings) {
        return VectorEnvironment.open(Corridor.SPEC, Corridor.SPEC.options(Map.of()), settings);
    }

    @Test
    void reachingTheGoalEndsTheEpisodeAsTerminatedNotTruncated() {
        try (var corridor = corridors(Settings.DEFAULT)) {
            corridor.reset(3);
            int steps = 7 - (int) corridor.batch().observation(0, 0);

            for (int k = 0; k < steps; k++) {
                assertThat(corridor.batch().terminated(0, 0)).isFalse();
                corridor.batch().action(0, 1);
                corridor.step();
            }

            assertThat(corridor.batch().observation(0, 0)).isEqualTo(7);
            assertThat(corridor.batch().terminated(0, 0)).isTrue();
            assertThat(corridor.batch().truncated(0, 0))
                    .as("the goal is not a time limit")
                    .isFalse();
            assertThat(corridor.batch().episodeReturn(0, 0)).isEqualTo(-steps);
            assertThat(corridor.batch().episodeLength(0)).isEqualTo(steps);
            assertThat(corridor.batch().turn(0)).isEqualTo(-1);
        }
    }

    @Test
    void aStepBeforeTheFirstResetIsRefused() {
        try (var corridor = corridors(Settings.DEFAULT)) {
            assertThatThrownBy(corridor::step)
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("corridor has not been reset; an episode begins with a reset; reset it first");
        }
    }

    @Test
    void anActionOutsideTheSpaceIsRefusedBeforeAnyRowMoves() {
        try (var corridor = corridors(Settings.DEFAULT.rows(3))) {
            corridor.reset(0);
            byte[] before = corridor.batch().reply().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            corridor.batch().action(0, 1);
            corridor.batch().action(1, 1);
            corridor.batch().action(2, 7);

            assertThatThrownBy(corridor::step)
                    .hasMessage("row 2: corridor refused action 7 of player_0; it is not in the action space "
                            + "Discrete[n=2, start=0]; send an integer from 0 to 1");

            assertThat(corridor.batch().reply().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                    .isEqualTo(before);
        }
    }
}
