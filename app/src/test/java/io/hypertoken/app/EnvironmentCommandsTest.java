package io.hypertoken.app;

import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void describeListsThePoliciesThatRunTakes() {
        assertThat(run("describe", "exchange")).isZero();
        assertThat(out().lines()).containsSubsequence("Policies", "  hold", "  spread-catcher", "  random");
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

    /// An environment that nobody can make a copy of, to look at it.
    public static final class Unmade implements Environment, Renders {
        public static final Spec SPEC = Spec.of("unmade", 1)
                .rules("It is only declared. Nothing else.")
                .observes(discrete(3))
                .acts("look")
                .creates(Unmade::new);

        Unmade(Options o) {
            throw new IllegalStateException("made with " + o);
        }

        @Override
        public void reset(Step s) {}

        @Override
        public void step(Step s) {}

        @Override
        public void observe(int agent, View v) {}

        @Override
        public String text(int agent) {
            return "";
        }
    }

    @Test
    void whatAnEnvironmentDeclaresIsToldWithoutMakingOne(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Environment.class.getName()), Unmade.class.getName() + "\n");
        String jar = folder.toString();

        assertThat(run("describe", "unmade", "--jar", jar)).isZero();
        assertThat(out()).contains("unmade, version 1", "Observation  Discrete(3)");
        assertThat(run("envs", "--jar", jar)).isZero();
        assertThat(out()).contains("unmade@1");
        assertThat(EnvironmentPage.table(List.of(Unmade.SPEC), "")).contains("[`unmade`](unmade.md)");
        assertThat(EnvironmentPage.of(Unmade.SPEC))
                .contains("| can be drawn as | text |", "| state can be saved | no |");
    }
}
