package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlayCommandTest extends CommandTest {
    private final InputStream terminal = System.in;

    @AfterEach
    void giveTheTerminalBack() {
        System.setIn(terminal);
    }

    private static void type(String... lines) {
        System.setIn(new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void typedActionsArePlayedByNameOrNumberUntilTheEpisodeEnds() {
        type("right", "1");

        assertThat(run("play", "corridor", "--length=2", "--episodes=2")).isZero();
        assertThat(out())
                .contains("W at 0")
                .contains("player_0 (1 right): > player_0 right")
                .contains("  player_0 gets -1, is done with -1")
                .contains("W at 1");
        assertThat(out().lines().filter(line -> line.contains("> player_0 right")))
                .hasSize(2);
    }

    @Test
    void anAnswerThatCannotBePlayedIsAskedForAgain() {
        type("jump", "7", "0", "q");

        assertThat(run("play", "corridor", "--length=2")).isZero();
        assertThat(out())
                .contains("\"jump\" is no action; it is one of 1 right")
                .contains("corridor refused action 7 of player_0")
                .contains("corridor refused action 0 of player_0; its action mask forbids it now");
    }

    @Test
    void randomPlayNeedsNobody() {
        type();
        assertThat(run("play", "corridor", "--random", "--episodes=2")).isZero();
        assertThat(out().lines().filter(line -> line.contains("is done with"))).hasSize(2);
    }
}
