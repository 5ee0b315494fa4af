package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest extends CommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsRecordedReplaysTheSame() {
        Path file = folder.resolve("run.htr");

        assertThat(run("record", "corridor", "--length=5", "--seed=3", "--envs=2", "--steps=40", "-o", file.toString()))
                .isZero();
        assertThat(out()).startsWith("wrote " + file + ": 80 steps, ");
        String digest = out().strip().substring(out().strip().lastIndexOf(' ') + 1);

        assertThat(run("replay", file.toString())).isZero();
        assertThat(out()).isEqualTo("the same: 80 steps of corridor v1, digest " + digest + System.lineSeparator());

        assertThat(run("digest", "corridor", "--length=5", "--seed=3", "--envs=2", "--steps=40"))
                .isZero();
        assertThat(out()).as("the digest command's").isEqualTo(digest + System.lineSeparator());
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path file = folder.resolve("nowhere").resolve("run.htr");

        assertThat(run("record", "corridor", "-o", file.toString())).isEqualTo(1);
        assertThat(err())
                .isEqualToIgnoringNewLines(
                        "hypertoken: cannot use " + file + "; there is no such file or folder; correct the path");
    }

    @Test
    void oneEpisodeIsRecordedWhenNoLengthIsGiven() {
        Path file = folder.resolve("run.htr");

        assertThat(run("record", "corridor", "-o", file.toString())).isZero();
        assertThat(out()).contains(" 1 episodes begun, ");
    }

    @Test
    void aDamagedFileIsRefusedInOneLine() throws IOException {
        Path file = folder.resolve("run.htr");
        run("record", "corridor", "--steps=10", "-o", file.toString());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);

        assertThat(run("replay", file.toString())).isEqualTo(1);
        assertThat(err())
                .startsWith("hypertoken: refused episode file " + file + "; it is damaged at byte ")
                .endsWith("; record it again with: hypertoken record ENV -o FILE" + System.lineSeparator());
    }

    @Test
    void aFileThatIsNotThereIsAUsageError() {
        assertThat(run("replay", "none.htr")).isEqualTo(2);
        assertThat(err()).startsWith("hypertoken: cannot read none.htr; there is no such file; correct the path");
    }
}
