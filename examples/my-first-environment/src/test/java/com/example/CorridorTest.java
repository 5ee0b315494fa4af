package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.check.Conformance;
import io.hypertoken.check.Play;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CorridorTest {

    @Test
    void reachingTheGoalEndsTheEpisodeAsTerminatedNotTruncated() {
        var corridor = Play.of(Corridor.SPEC).seed(3);

        var last = corridor.actions(1, 1, 1, 1, 1, 1, 1); // seven rights reach the goal from anywhere

        assertThat(last.observation()).isEqualTo(7);
        assertThat(last.terminated()).isTrue();
        assertThat(last.truncated()).as("the goal is not a time limit").isFalse();
    }

    /// What `hypertoken check corridor` does, as tests.
    @TestFactory
    Stream<DynamicTest> itKeepsTheContract() {
        var conformance = Conformance.of(Corridor.SPEC);
        return Conformance.checks().stream()
                .map(check -> dynamicTest(check.name(), () -> conformance.require(check)));
    }
}
