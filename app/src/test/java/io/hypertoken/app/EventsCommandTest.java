package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.HubSettings;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.FileStore;
import io.hypertoken.server.events.store.FileStoreSettings;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that speak to a hub, against a real one.
class EventsCommandTest extends CommandTest {
    @TempDir
    private Path folder;

    private Hub hub;

    @BeforeEach
    void start() {
        hub = start(0);
    }

    private Hub start(int port) {
        Metrics metrics = Metrics.within(Limits.DEFAULT);
        Hub started = Hub.start(
                HubSettings.DEFAULT,
                FileStore.open(FileStoreSettings.in(folder.resolve("log"))),
                EventSchemas.known(),
                metrics);
        started.listen(
                new ListenerSettings(List.of("127.0.0.1"), port, "--port", AccessRules.LOCAL, Limits.DEFAULT, 15_000));
        return started;
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private String url() {
        return "127.0.0.1:" + hub.port();
    }

    @Test
    void anEventIsSentExportedAndSentAgain() throws IOException {
        assertThat(run("events", "send", "price_update", "item=Coal", "price=155", "change=-2", "--url", url()))
                .isZero();
        assertThat(out()).isEqualTo("event 1" + System.lineSeparator());
        assertThat(run("events", "send", "note", "text=a, \"b\"", "n=[1,2]", "-u", url()))
                .isZero();

        Path file = folder.resolve("events.jsonl");
        assertThat(run("events", "export", "-u", url(), "-o", file.toString())).isZero();
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"item\":\"Coal\",\"price\":155,\"change\":-2"));
        assertThat(run("events", "send", "--json", file.toString(), "-u", url()))
                .isZero();
        assertThat(out()).startsWith("2 events, the last is 4");

        assertThat(run("events", "export", "-u", url(), "--format", "csv", "--type", "note", "--from", "3"))
                .isZero();
        assertThat(out().split("\r\n"))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("4,"))
                .anyMatch(line -> line.endsWith(",\"{\"\"text\"\":\"\"a, \\\"\"b\\\"\"\"\",\"\"n\"\":[1,2]}\""));
    }

    @Test
    void aRefusalIsToldAndExitsWithOne() {
        assertThat(run("events", "send", "price_update", "item=Coal", "price=dear", "-u", url()))
                .isEqualTo(1);
        assertThat(err()).startsWith("hypertoken: refused the event price_update with data.price=\"dear\"; ");
        assertThat(run("events", "send", "-u", url())).isEqualTo(2);
        assertThat(run("events", "send", "a", "noequals", "-u", url())).isEqualTo(2);
        assertThat(run("events", "send", "a", "-u", "nowhere:x")).isEqualTo(2);
        assertThat(run("events", "stats", "-u", "127.0.0.1:1")).isEqualTo(1);
        assertThat(err()).startsWith("hypertoken: no events hub answers at http://127.0.0.1:1; ");
        assertThat(run("events")).isEqualTo(2);
    }

    @Test
    void statsShowWhatTheHubDoes() {
        run("events", "send", "note", "text=hi", "-u", url());

        assertThat(run("events", "stats", "-u", url())).isZero();

        assertThat(out()).contains("by type  note 1", "dropped  slow_clients 0", "refused  0");
    }

    @Test
    void tailKeepsItsPlaceOverARestartOfTheHub() throws Exception {
        run("events", "send", "note", "n=1", "-u", url());
        int port = hub.port();
        Process tail = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.hypertoken.app.Main",
                        "events",
                        "tail",
                        "--last",
                        "5",
                        "--count",
                        "3",
                        "-u",
                        url())
                .redirectErrorStream(true)
                .start();
        try (var out = tail.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("note", "n=1", "#1");
            hub.close();
            hub = start(port);
            run("events", "send", "note", "n=2", "-u", url());
            run("events", "send", "note", "text=\u001b[2J", "-u", url());
            assertThat(out.readLine()).isEqualTo("hypertoken: the hub has closed the connection; connecting again");
            assertThat(out.readLine()).isEqualTo("hypertoken: connected again, nothing is missing");
            assertThat(out.readLine()).contains("n=2", "#2");
            assertThat(out.readLine()).contains("#3").doesNotContain("\u001b[2J");
            assertThat(tail.waitFor()).isZero();
        } finally {
            tail.destroyForcibly();
        }
    }
}
