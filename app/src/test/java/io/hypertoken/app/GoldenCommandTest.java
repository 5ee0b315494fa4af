package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenCommandTest extends CommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatUpdateWritesCheckFindsRight() throws IOException {
        assertThat(run("golden", "update", "corridor", "--dir=" + folder)).isZero();
        Path file = folder.resolve("corridor-v1-s3.txt");
        assertThat(out()).isEqualTo("wrote " + file + System.lineSeparator());
        assertThat(Files.readString(file)).startsWith("corridor v1 seed=3 | observes Discrete(8)");

        assertThat(run("golden", "check", "corridor", "--dir=" + folder)).isZero();
        assertThat(out()).isEqualTo("right " + file + System.lineSeparator());
    }

    @Test
    void whatIsOtherwiseNowIsShownAndNotOverwritten() throws IOException {
        run("golden", "update", "corridor", "--dir=" + folder);
        Path file = folder.resolve("corridor-v1-s3.txt");
        String changed = Files.readString(file).replaceFirst("observation 5", "observation 4");
        Files.writeString(file, changed);

        assertThat(run("golden", "check", "corridor", "--dir=" + folder)).isEqualTo(1);
        assertThat(out())
                .startsWith("WRONG " + file)
                .contains("line 6 says \"observation 4   mask 11\" and is now \"observation 5   mask 11\"");
        assertThat(run("golden", "update", "corridor", "--dir=" + folder)).isEqualTo(1);
        assertThat(out()).startsWith("kept  " + file + ": corridor v1 no longer plays as corridor-v1-s3.txt has it: ");
        assertThat(file).hasContent(changed);
    }

    @Test
    void anEnvironmentWithoutOneIsToldHowToWriteIt() {
        assertThat(run("golden", "check", "corridor", "--dir=" + folder)).isEqualTo(1);
        assertThat(out())
                .isEqualTo("none  corridor has no playthrough in " + folder
                        + "; write one with: hypertoken golden update corridor" + System.lineSeparator());
    }

    @Test
    void goldenAloneAsksWhatToDo() {
        assertThat(run("golden")).isEqualTo(2);
        assertThat(err()).startsWith("hypertoken: say what to do: golden update, or golden check");
    }
}
