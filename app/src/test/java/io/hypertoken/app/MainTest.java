package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @Test
    void helpNamesTheCommandAndSaysWhatItIsFor() {
        int exit = command.execute("--help");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("Usage: hypertoken").contains("get the same trajectory");
    }

    @Test
    void versionNamesHyperTokenAndTheJavaThatRunsIt() {
        int exit = command.execute("--version");

        assertThat(exit).isZero();
        assertThat(out.toString()).startsWith("hypertoken ").contains("Java " + Runtime.version());
    }

    @Test
    void withoutACommandItSaysSoOnStandardErrorAndExitsWithTwo() {
        int exit = command.execute();

        assertThat(exit).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("hypertoken: no command was given; name one of those below");
    }

    @ParameterizedTest
    @CsvSource({"chek, chek, check", "help srve, srve, serve"})
    void aMistypedCommandIsAnsweredWithTheNearestName(String words, String mistyped, String nearest) {
        int exit = command.execute(words.split(" "));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("hypertoken: there is no command " + mistyped + "; did you mean " + nearest
                        + "? hypertoken help tells what each does");
    }

    @Test
    void aCommandUnlikeAnyIsAnsweredWithAllOfThem() {
        int exit = command.execute("quux");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("hypertoken: there is no command quux; known: serve, relay, events, ")
                .endsWith(", completion; hypertoken help tells what each does" + System.lineSeparator());
    }

    @Test
    void whatACommandDoesNotUnderstandIsOneLineThatNamesItsHelp() {
        int exit = command.execute("envs", "extra");

        assertThat(exit).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "hypertoken: Unmatched argument at index 1: 'extra'; hypertoken envs --help" + " tells more");
    }

    @Test
    void theLaunchersCommandsAreKnownToo() {
        System.setProperty("hypertoken.launcher.commands", "demo test");
        try {
            command.execute("dmeo");
        } finally {
            System.clearProperty("hypertoken.launcher.commands");
        }

        assertThat(err.toString()).startsWith("hypertoken: there is no command dmeo; did you mean demo?");
    }
}
