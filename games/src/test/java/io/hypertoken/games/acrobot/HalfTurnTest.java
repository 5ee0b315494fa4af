package io.hypertoken.games.acrobot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HalfTurnTest {
    @Test
    @Timeout(10)
    void anyAngleIsTurnedBackInNoTime() {
        for (double angle : new double[] {1e4, 10_001, 1e9, 1e16, 1e300, Double.MAX_VALUE}) {
            assertThat(Acrobot.withinHalfTurn(angle)).isBetween(-Math.PI, Math.PI);
            assertThat(Acrobot.withinHalfTurn(-angle)).isBetween(-Math.PI, Math.PI);
        }
        assertThat(Acrobot.withinHalfTurn(Double.NaN)).isNaN();
        assertThat(Acrobot.withinHalfTurn(Double.POSITIVE_INFINITY)).isNaN();
    }

    @Test
    void anAngleThatTheRulesReachIsTurnedBackTurnByTurn() {
        double angle = 533; // the farthest of two million steps from the widest first states

        double rest = angle;
        while (rest > Math.PI) {
            rest -= 2 * Math.PI;
        }

        assertThat(Acrobot.withinHalfTurn(angle)).isEqualTo(rest);
    }
}
