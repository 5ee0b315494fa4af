package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentCommandsTest extends CommandTest {
    @Test
    void envsListsEveryEnvironmentOnALine() {
        assertThat(run("envs")).isZero();
        assertThat(out().lines())
                .anyMatch(line -> line.matches("ENVIRONMENT +AGENTS +TURNS +OBSERVES +ACTS +ALSO CALLED"))
                .anyMatch(line -> line.matches(
                        "casino-blackjack@\\d+ +1 +one by one +Box\\[7] float32 +Discrete\\(5\\) +blackjack"))
                .anyMatch(line -> line.matches("corridor@1 +1 +one by one +Discrete\\(8\\) +Discrete\\(2\\) +hall"));
    }

    @Test
    void describeTellsWhatOptionsShape() {
        assertThat(run("describe", "corridor", "--length", "5")).isZero();
        assertThat(out()).isEqualToNormalizingNewlines("""
                        corridor, version 1; also called hall

                        Agents       player_0
                        Observation  Discrete(5)
                        Action       Discrete(2); the mask binds, and right is played for what it forbids
                                     0 left
                                     1 right
                        Episode      truncated after 64 steps at the latest

                        Options, as --NAME VALUE, ?NAME=VALUE or options={"NAME": VALUE}
                          length = 5  (an integer from 2 to 64)
                          start = -1  (an integer from -1 to 62; given with a reset)
                              The first cell; -1 for any.
                        """);
    }

    @Test
    void anUnknownEnvironmentIsAnsweredWithTheNearestOne() {
        assertThat(run("describe", "blakjack")).isEqualTo(1);
        assertThat(err()).contains("there is no environment blakjack").contains("did you mean blackjack?");
    }

    @Test
    void completionKnowsTheCommandsAndTheEnvironments() {
        assertThat(run("completion")).isZero();
        assertThat(out())
                .contains("complete -F _complete_hypertoken")
                .contains("casino-blackjack")
                .contains("serve");
    }
}
