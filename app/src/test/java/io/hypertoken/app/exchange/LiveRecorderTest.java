package io.hypertoken.app.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.BarColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real requests to an API of our own; the time of day is what the test says, so that nothing waits.
@Timeout(60)
class LiveRecorderTest {
    private static final String NAME = "test of a recorder, me@example.org";
    private static final int WINDOW = 300;

    /// A window of a few hours ago, so that the recorder looks for it.
    private final long first = (Instant.now().getEpochSecond() / WINDOW - 50) * WINDOW;

    @TempDir
    Path temporary;

    private Prices prices;
    private Path folder;
    private final List<String> told = new ArrayList<>();
    private Instant now;

    @BeforeEach
    void open() throws IOException {
        prices = new Prices().window(first, 100);
        folder = temporary.resolve("now");
        now = Instant.ofEpochSecond(first + 310);
    }

    @AfterEach
    void close() {
        prices.close();
    }

    private LiveRecorder recorder() throws IOException {
        return new LiveRecorder(prices.url(), NAME, Window.M5, folder, told::add);
    }

    /// Asks as often as told, each time when it may.
    private void poll(LiveRecorder recorder, int times) throws IOException, InterruptedException {
        for (int k = 0; k < times; k++) {
            Instant next = recorder.poll(now);
            assertThat(Duration.between(now, next)).as("its own rate limit").isGreaterThanOrEqualTo(LiveRecorder.PACE);
            now = next;
        }
    }

    private BarColumns recorded() {
        return new RecordedData().read(folder).windows();
    }

    @Test
    void eachWindowIsKeptOnceAndAskedForWhenItIsDue() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            poll(recorder, 2);
            assertThat(prices.asked).containsExactly("/mapping 200", "/5m 200");
            assertThat(now).isEqualTo(Instant.ofEpochSecond(first + 2 * WINDOW).plus(LiveRecorder.GRACE));
            poll(recorder, 1);
            assertThat(prices.asked).as("the API is late").last().isEqualTo("/5m 304");
            prices.window(first + WINDOW, 101);
            poll(recorder, 1);
        }

        assertThat(prices.names).containsOnly(NAME);
        assertThat(recorded().start()).isEqualTo(first);
        assertThat(recorded().price(0, 0, true)).isEqualTo(100);
        assertThat(recorded().price(0, 1, true)).isEqualTo(101);
        assertThat(told)
                .containsExactly(
                        ImportSummary.time(first) + "  1 items", ImportSummary.time(first + WINDOW) + "  1 items");
    }

    @Test
    void whatWasMissedIsFetchedLaterAfterARestartToo() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            poll(recorder, 2);
        }
        for (int k = 1; k <= 4; k++) {
            if (k != 2) {
                prices.window(first + WINDOW * k, 100 + k);
            }
        }
        now = now.plusSeconds(4 * WINDOW);
        try (LiveRecorder recorder = recorder()) {
            poll(recorder, 2);
        }
        try (LiveRecorder recorder = recorder()) {
            prices.window(first + WINDOW * 5, 105);
            poll(recorder, 3);
        }

        assertThat(recorded().windows()).isEqualTo(6);
        long[] seen = new long[6];
        Arrays.setAll(seen, k -> recorded().price(0, k, true));
        assertThat(seen).as("a window in which nobody traded is a hole").containsExactly(100, 101, 0, 103, 104, 105);
        assertThat(prices.asked.stream().filter(path -> !path.equals("/5m 200")))
                .as("and nothing that is past is asked twice")
                .doesNotHaveDuplicates();
        assertThat(told).anyMatch(line -> line.startsWith("3 windows were missed, from "));
    }

    @Test
    void withoutAnAnswerItSaysSinceWhenGoesOnAndWaitsLongerEachTime() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            poll(recorder, 2);
            prices.fails(503, null);
            List<Long> waits = new ArrayList<>();
            for (int k = 0; k < 9; k++) {
                Instant before = now;
                poll(recorder, 1);
                waits.add(Duration.between(before, now).toSeconds());
            }
            assertThat(waits).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
            assertThat(told.get(1))
                    .isEqualTo("no answer since " + ImportSummary.time(first + 615)
                            + ": it answered with status 503; asking again in 5 s, and so on");
            assertThat(told).as("it does not repeat itself each time").hasSize(5);
            prices.fails(200, null).window(first + WINDOW, 101);
            poll(recorder, 1);
        }

        assertThat(told).contains("answers again, after 1215 s");
        assertThat(recorded().price(0, 1, true)).isEqualTo(101);
    }

    @Test
    void itWaitsAsLongAsTheApiAsks() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            prices.fails(429, "90");
            assertThat(recorder.poll(now)).isEqualTo(now.plusSeconds(90));
            prices.fails(429, "Fri, 31 Dec 2100 23:59:59 GMT");
            assertThat(recorder.poll(now)).as("but not for ever").isEqualTo(now.plusSeconds(3600));
        }
    }

    @Test
    void halfAnAnswerIsNotKept() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            poll(recorder, 1);
            prices.halves(true);
            poll(recorder, 1);
            assertThat(told).singleElement().asString().contains("Unexpected end");
            try (var files = Files.walk(folder.resolve("5m"))) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
            prices.halves(false);
            poll(recorder, 1);
        }
        assertThat(recorded().price(0, 0, true)).isEqualTo(100);
    }

    @Test
    void anApiThatIsNotThereIsWaitedForAndOneThatRefusesIsNot() throws Exception {
        try (LiveRecorder recorder = recorder()) {
            prices.fails(403, null);
            assertThatThrownBy(() -> recorder.poll(now))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageContaining("the prices API refused /mapping; it answered with status 403");
            prices.close();
            poll(recorder, 1);
            assertThat(told).singleElement().asString().startsWith("no answer since");
        }
    }

    @Test
    void aNameThatSaysNothingIsRefusedBeforeAnythingIsAsked() {
        for (String name : List.of("Java-http-client/25", "python-requests/2.32", "curl/8.5", "Mozilla/5.0 (X11)")) {
            assertThatThrownBy(() -> new LiveRecorder(prices.url(), name, Window.M5, folder, told::add))
                    .hasMessageContaining("programs are called so by default, and the API blocks those names");
        }
        for (String name : List.of("", "prices", "averylongword")) {
            assertThatThrownBy(() -> new LiveRecorder(prices.url(), name, Window.M5, folder, told::add))
                    .hasMessageContaining("it does not say what asks, and how to reach whoever runs it");
        }
        assertThatThrownBy(() -> new LiveRecorder(prices.url(), "me\r\nhost: x, a@b.c", Window.M5, folder, told::add))
                .hasMessageContaining("characters that no header may have");
        assertThatThrownBy(() -> new LiveRecorder("ftp://x", NAME, Window.M5, folder, told::add))
                .hasMessageContaining("refused --url ftp://x; it is no such address");
        assertThat(prices.asked).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void twoDoNotRecordIntoOneFolderAndWhatAKilledOneLeftIsRemoved() throws Exception {
        Path left = Files.createDirectories(folder.resolve("5m/2026-01-05")).resolve("1767614400.json.gz17.part");
        Files.writeString(left, "half");
        try (LiveRecorder one = recorder()) {
            assertThat(left).doesNotExist();
            assertThatThrownBy(this::recorder).hasMessageContaining("another process records there");
            poll(one, 2);
        }
        recorder().close();
    }
}
