package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Settings;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.record.ScriptedRun;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DigestCommandTest extends CommandTest {
    private static String digest(Map<String, ?> options, int rows) {
        return ScriptedRun.digest(Corridor.SPEC, Corridor.SPEC.options(options), Settings.DEFAULT.rows(rows), 3, 100)
                + System.lineSeparator();
    }

    @Test
    void itPrintsOneLineThatOnlySeedStepsRowsAndOptionsDecide() {
        int exit = run("digest", "corridor", "--seed=3", "--steps=100", "--envs=4");

        assertThat(exit).isZero();
        assertThat(out()).isEqualTo(digest(Map.of(), 4));

        run("digest", "corridor", "--seed=3", "--steps=100", "--envs=4", "--autoreset=same_step", "--threads=2");
        assertThat(out()).isEqualTo(digest(Map.of(), 4));
    }

    @Test
    void aDeclaredOptionIsGivenByItsOwnNameOrByOption() {
        String expected = digest(Map.of("length", 5), 1);

        for (String[] option : new String[][] {{"--length", "5"}, {"--length=5"}, {"--option", "length=5"}}) {
            assertThat(run(Stream.concat(Stream.of("digest", "corridor", "--seed=3", "--steps=100"), Stream.of(option))
                            .toArray(String[]::new)))
                    .isZero();
            assertThat(out()).isEqualTo(expected);
        }
    }

    @Test
    void anUnknownEnvironmentIsAnsweredWithTheNearestNames() {
        assertThat(run("digest", "coridor")).isEqualTo(1);
        assertThat(err())
                .isEqualTo("hypertoken: there is no environment coridor; no jar on the class path declares it; "
                        + "did you mean corridor?" + System.lineSeparator());
    }

    @Test
    void anUndeclaredOptionIsAUsageErrorWithTheNearestNames() {
        assertThat(run("digest", "corridor", "--lenght=5")).isEqualTo(2);
        assertThat(err())
                .startsWith("hypertoken: unknown option --lenght; neither hypertoken digest nor corridor declares it; "
                        + "did you mean --length?");
    }

    @Test
    void anOptionOutOfRangeIsRefusedWithItsRule() {
        assertThat(run("digest", "corridor", "--length=1")).isEqualTo(1);
        assertThat(err())
                .isEqualTo("hypertoken: corridor refused option length=1; length must be an integer from 2 to 64; "
                        + "pass length=8, or leave it out for the default 8" + System.lineSeparator());
    }

    @Test
    void aJarThatIsNotThereIsAUsageError() {
        assertThat(run("digest", "corridor", "--jar", "target/none.jar")).isEqualTo(2);
        assertThat(err())
                .isEqualToIgnoringNewLines(
                        "hypertoken: the jar target/none.jar was refused; there is no such file, or it"
                                + " cannot be read; build it first, or correct the path; hypertoken digest --help tells more");
    }
}
