package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.check.Play;
import org.junit.jupiter.api.Test;

class CorridorTest {

    @Test
    void reachingTheGoalEndsTheEpisodeAsTerminatedNotTruncated() {
        var corridor = Play.of(Corridor.SPEC).seed(3);

        var last = corridor.actions(1, 1, 1, 1, 1, 1, 1); // seven rights reach the goal from anywhere

        assertThat(last.observation()).isEqualTo(7);
        assertThat(last.terminated()).isTrue();
        assertThat(last.truncated()).as("the goal is not a time limit").isFalse();
    }
}
