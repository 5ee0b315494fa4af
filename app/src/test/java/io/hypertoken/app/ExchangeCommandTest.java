package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.app.exchange.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@Timeout(90)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ExchangeCommandTest extends CommandTest {
    private static final String FOLDER = "hypertoken.exchange.data";
    private static final long NOON = 1_767_614_400;

    @TempDir
    Path temporary;

    private Path data;

    @BeforeEach
    void useAFolderOfItsOwn() {
        data = temporary.resolve("data");
        System.setProperty(FOLDER, data.toString());
    }

    @AfterEach
    void useTheUsersAgain() {
        System.clearProperty(FOLDER);
    }

    private Path answers(int windows) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("answers/5m"));
        for (int k = 0; k < windows; k++) {
            Files.writeString(folder.resolve(k + ".json"), """
                    {"data":{"4151":{"avgHighPrice":1600000,"highPriceVolume":50,"avgLowPrice":%d,\
                    "lowPriceVolume":50}},"timestamp":%d}""".formatted(1_500_000 + 100 * (k % 7), NOON + 300L * k));
        }
        return folder.getParent();
    }

    private int plays(String data) {
        return run(
                "run",
                "exchange",
                "--data",
                data,
                "--items",
                "1",
                "--windows",
                "20",
                "--policy",
                "spread-catcher",
                "--speed",
                "0",
                "--episodes",
                "1",
                "--seed",
                "1",
                "--events-port",
                "0");
    }

    @Test
    void whatIsImportedIsPlayedByItsNameAndExported() throws IOException {
        assertThat(run("exchange", "import", answers(60).toString(), "--name", "command-may"))
                .isZero();
        assertThat(out())
                .startsWith("imported command-may into " + data.resolve("command-may.bars"))
                .contains("5m   1 items, 60 windows from 2026-01-05 12:00 to 2026-01-05 17:00 UTC; 0 windows missing");
        assertThat(plays("command-may")).isZero();
        assertThat(out()).contains("episode 1, seed 1, 20 steps: agent_0 -0.");

        Path exported = temporary.resolve("exported");
        assertThat(run("exchange", "export", "command-may", "--window", "1h", "--to", exported.toString()))
                .isZero();
        assertThat(out()).startsWith("exported 5 windows into ");
        assertThat(exported.resolve("1h/" + NOON + ".json")).exists();
    }

    @Test
    void aFolderOfAnswersIsPlayedAsItIs() throws IOException {
        assertThat(plays(answers(60).toString())).isZero();
        String byPath = out();
        assertThat(byPath).contains("episode 1, seed 1, 20 steps: agent_0 -0.");
        Files.createDirectories(data);
        Files.move(answers(60), data.resolve("command-folder"));

        assertThat(plays("command-folder"))
                .as("and by its name among the recordings")
                .isZero();
        assertThat(out()).isEqualTo(byPath);
    }

    @Test
    void aWrongFileLeavesNothingBehind() throws IOException {
        Path answers = answers(3);
        Path wrong = answers.resolve("5m/9.json");
        Files.writeString(wrong, "{\"data\":{\"4151\":{\"avgHighPrice\":1");

        assertThat(run("exchange", "import", answers.toString(), "--name", "half"))
                .isEqualTo(1);
        assertThat(err())
                .contains("refused " + wrong.toRealPath()
                        + " at line 1, column 34; Unexpected end-of-input: expected close marker for Object; save");
        assertThat(data).doesNotExist();
        assertThat(plays(answers.toString())).isEqualTo(1);
        assertThat(err()).contains("refused " + wrong.toRealPath());
        assertThat(plays("nowhere")).isEqualTo(1);
        assertThat(err()).contains("there is no recorded data of that name");
        assertThat(run("exchange", "import", answers.toString(), "--name", "../x"))
                .isEqualTo(2);
        assertThat(run("exchange", "import", "not-there", "--name", "x")).isEqualTo(1);
        assertThat(err()).contains("cannot use not-there; there is no such file or folder");
    }

    @Test
    void whatIsRecordedLiveIsThere() throws IOException {
        long start = (Instant.now().getEpochSecond() / 300 - 2) * 300;
        try (var prices = new Prices().window(start, 1_600_000)) {
            String[] words = {
                "exchange", "live", "--name", "command-now", "--url", prices.url(), "--for", "2s", "--user-agent"
            };
            assertThat(run(with(words, "curl/8.5"))).isEqualTo(1);
            assertThat(err()).contains("refused --user-agent curl/8.5");
            assertThat(run(with(words, "price study, me@example.org"))).isZero();
        }
        assertThat(out()).startsWith("recording windows of 5m into " + data.resolve("command-now"));
        assertThat(run(
                        "exchange",
                        "export",
                        "command-now",
                        "--to",
                        temporary.resolve("out").toString()))
                .isZero();
        assertThat(out()).startsWith("exported 1 windows");
    }

    private static String[] with(String[] words, String last) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }
}
