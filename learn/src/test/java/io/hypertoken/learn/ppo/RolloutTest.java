package io.hypertoken.learn.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final double GAMMA = 0.9;
    private static final double LAMBDA = 0.8;

    private final int[] judged = new int[16];

    @Test
    void nothingComesAfterATermination() {
        Rollout rollout = decisions(1, 1f);
        rollout.earn(0, 5);
        rollout.terminate(0);

        assertThat(rollout.estimateAdvantages(GAMMA, LAMBDA, judged)).isEqualTo(1);
        assertThat(rollout.advantages[0]).isEqualTo(4);
        assertThat(rollout.returns[0]).isEqualTo(5);
    }

    @Test
    void whatWouldHaveComeIsForeseenWhereAnEpisodeIsCutOff() {
        Rollout rollout = decisions(1, 1f);
        rollout.earn(0, 5);
        rollout.foresee(0, 10);

        rollout.estimateAdvantages(GAMMA, LAMBDA, judged);

        assertThat(rollout.advantages[0]).isCloseTo(5 + 9 - 1, within(1e-6f));
    }

    @Test
    void advantagesDecayAlongAnEpisodeAndDoNotCrossItsEnd() {
        Rollout rollout = decisions(1, 1f, 2f, 3f, 4f);
        rollout.earn(0, 0); // slot 3
        rollout.foresee(0, 5);
        // Slots 0 to 2 were linked as they were opened; each earned 1.
        rollout.estimateAdvantages(GAMMA, LAMBDA, judged);

        float third = (float) (0 + GAMMA * 5 - 4);
        float second = (float) (1 + GAMMA * 4 - 3 + GAMMA * LAMBDA * third);
        float first = (float) (1 + GAMMA * 3 - 2 + GAMMA * LAMBDA * second);
        assertThat(rollout.advantages[3]).isCloseTo(third, within(1e-5f));
        assertThat(rollout.advantages[2]).isCloseTo(second, within(1e-5f));
        assertThat(rollout.advantages[1]).isCloseTo(first, within(1e-5f));
    }

    @Test
    void whatOthersStepsEarnCountsForTheDecisionBefore() {
        Rollout rollout = new Rollout(4, 2, 8, 1, 0);
        rollout.begin();
        rollout.values[rollout.open(0)] = 0;
        rollout.earn(0, 0);
        rollout.values[rollout.open(1)] = 0;
        rollout.earn(0, -1); // the other one's move wins
        rollout.earn(1, 1);
        rollout.terminate(0);
        rollout.terminate(1);

        assertThat(rollout.estimateAdvantages(GAMMA, LAMBDA, judged)).isEqualTo(2);
        assertThat(rollout.returns[0]).isEqualTo(-1);
        assertThat(rollout.returns[1]).isEqualTo(1);
    }

    @Test
    void aDecisionWhoseNextOneIsNotThereYetIsNotJudgedButItsValueCounts() {
        Rollout rollout = new Rollout(4, 2, 8, 1, 0);
        rollout.begin();
        rollout.values[rollout.open(0)] = 1;
        rollout.values[rollout.open(1)] = 9;
        rollout.values[rollout.open(0)] = 2;
        rollout.foresee(1, 7); // agent 1 is about to decide, agent 0 waits for it

        assertThat(rollout.estimateAdvantages(GAMMA, LAMBDA, judged)).isEqualTo(2);
        assertThat(judged[0]).isZero();
        assertThat(judged[1]).isEqualTo(1);
        assertThat(rollout.advantages[0]).isCloseTo((float) (GAMMA * 2 - 1), within(1e-6f));
        assertThat(rollout.advantages[1]).isCloseTo((float) (GAMMA * 7 - 9), within(1e-6f));
    }

    private static Rollout decisions(int each, float... values) {
        var rollout = new Rollout(8, 1, 8, 1, 0);
        rollout.begin();
        for (int k = 0; k < values.length; k++) {
            rollout.values[rollout.open(0)] = values[k];
            if (k + 1 < values.length) {
                rollout.earn(0, each);
            }
        }
        return rollout;
    }
}
