package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BlackjackValuesCommandTest {

    @Test
    void everySeatOfEveryStrategyIsOneLineBesideItsExactValue() {
        var out = new StringWriter();

        int exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("bench", "blackjack-values", "--rounds=20480", "--seed=1", "--threads=2");

        assertThat(out.toString().lines()).hasSize(1 + 9);
        assertThat(out.toString()).contains("basic strategy, 6 decks                 0    -0.004599");
        assertThat(exit).as("all agree").isZero();
    }
}
