package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckCommandTest extends CommandTest {
    @Test
    void aSoundEnvironmentKeepsTheContract() {
        assertThat(run("check", "corridor", "--steps=100")).isZero();
        assertThat(out())
                .contains("ok      spaces          every observation lies in its declared space")
                .contains("ok      snapshot")
                .contains("not checked:")
                .endsWith("corridor v1 keeps the contract" + System.lineSeparator());
    }

    @Test
    void onlyTheNamedChecksAreRunWithTheGivenOptions() {
        assertThat(run("check", "corridor", "--length=3", "--only=declaration,repeat"))
                .isZero();
        assertThat(out().lines().filter(line -> line.matches("(ok|warn|n/a) .*")))
                .hasSize(2);
        assertThat(out())
                .contains("again: hypertoken check corridor --length=3 --seed=1 --steps=500 --only=declaration");
    }

    @Test
    void aMistypedCheckIsAnsweredWithTheNearest() {
        assertThat(run("check", "corridor", "--only=mask")).isEqualTo(2);
        assertThat(err())
                .isEqualToIgnoringNewLines(
                        "hypertoken: there is no check mask; did you mean masks? hypertoken check --help tells more");
    }
}
