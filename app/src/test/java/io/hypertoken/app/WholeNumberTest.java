package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeNumberTest extends CommandTest {
    @ParameterizedTest
    @CsvSource({
        "serve --port=65536, --port, 65536, 0 to 65535",
        "serve --port=-1, --port, -1, 0 to 65535",
        "serve --port=http, --port, http, 0 to 65535",
        "serve --seed=-3, --seed, -3, 0 to 9223372036854775807",
        "serve --max-sessions=0, --max-sessions, 0, 1 to 2147483647",
        "serve --rate=-1, --rate, -1, 0 to 2147483647",
        "digest bandit --steps=0, --steps, 0, 1 to 2147483647",
        "digest bandit --seed=9999999999999999999, --seed, 9999999999999999999, 0 to 9223372036854775807",
        "check bandit --steps=-1, --steps, -1, 1 to 2147483647",
        "play bandit --episodes=0, --episodes, 0, 1 to 2147483647",
        "bench blackjack-values --rounds=-1, --rounds, -1, 1 to 2147483647",
    })
    void aNumberBeyondItsBoundsIsRefusedBeforeAnythingRuns(String line, String option, String value, String bounds) {
        int exit = run(line.split(" "));
        String command = "hypertoken " + line.replaceFirst(" (bandit|-).*", "");

        assertThat(exit).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err())
                .isEqualTo("hypertoken: Invalid value for option '" + option + "': '" + value
                        + "' is not a whole number from " + bounds + "; " + command + " --help tells more"
                        + System.lineSeparator());
    }
}
