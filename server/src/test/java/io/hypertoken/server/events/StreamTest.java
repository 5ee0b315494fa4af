package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.bridge.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Server-Sent Events: what a browser's EventSource reads, and where it goes on.
class StreamTest {
    private final Served served =
            Served.start(Served.QUICK.streamBeatMillis(100).queueEvents(4_000));

    @AfterEach
    void stop() {
        served.close();
    }

    /// A client that reads lines, as they come.
    private final class Stream implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Stream(String query, String... headers) throws IOException {
            socket = new Socket("127.0.0.1", served.hub.port());
            socket.setSoTimeout(10_000);
            String request = "GET /stream" + query + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers)
                    + (headers.length > 0 ? "\r\n" : "") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /// The lines of the next message, without comments.
        List<String> next() throws IOException {
            var message = new ArrayList<String>();
            while (true) {
                String line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("the stream ended");
                }
                if (line.isEmpty() && !message.isEmpty()) {
                    return message;
                }
                if (!line.isEmpty() && !line.startsWith(":")) {
                    message.add(line);
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void eventsComeWithIdsAndAClientGoesOnWhereItWas() throws IOException {
        served.postJson("[" + Served.event("a", 1) + "," + Served.event("b", 2) + "]");
        String epoch = served.hub.epoch();
        try (var stream = new Stream("?last=2")) {
            assertThat(stream.next())
                    .anyMatch(line -> line.startsWith("HTTP/1.1 200"))
                    .anyMatch(line -> line.equals("content-type: text/event-stream; charset=utf-8"));
            assertThat(stream.next()).contains("id: " + epoch + ":0").anyMatch(line -> line.contains("connected"));
            assertThat(stream.next()).contains("id: " + epoch + ":1");
            assertThat(stream.next()).contains("id: " + epoch + ":2").anyMatch(line -> line.contains("\"type\":\"b\""));
            served.postJson(Served.event("c", 3));
            assertThat(stream.next()).contains("id: " + epoch + ":3");
        }
        served.postJson(Served.event("d", 4));
        try (var stream = new Stream("?type=c&type=d", "Last-Event-ID: " + epoch + ":2")) {
            stream.next();
            assertThat(stream.next()).anyMatch(line -> line.contains("\"recovered\":true"));
            assertThat(stream.next()).contains("id: " + epoch + ":3");
            assertThat(stream.next()).contains("id: " + epoch + ":4");
        }
        try (var stream = new Stream("?since=other:2")) {
            stream.next();
            assertThat(stream.next()).anyMatch(line -> line.contains("\"recovered\":false"));
        }
        Await.until("they are gone", () -> served.metric("hypertoken_connections") == 0);
        assertThat(served.hub.listening()).isFalse();
    }

    @Test
    void aStreamIsListedKeptOpenAndClosedWithTheHub() throws IOException {
        try (var stream = new Stream("")) {
            stream.next();
            stream.next();
            assertThat(stream.lines.readLine()).isEqualTo(":");
            Listener client = served.registered("{\"action\":\"register\",\"id\":1}");
            assertThat(Served.each(
                            client.ask("{\"action\":\"command\",\"command\":\"list_clients\"}")
                                    .get("result"),
                            "client_type"))
                    .containsExactly("", "stream");
            assertThat(served.get("/stream?slow=never").statusCode()).isEqualTo(400);

            served.hub.close();

            String line = stream.lines.readLine();
            while (line != null) {
                assertThat(line).isIn(":", "");
                line = stream.lines.readLine();
            }
        }
    }

    @Test
    void aStreamThatIsNotReadMissesEventsAndIsToldWhenItReads() throws IOException {
        try (var stream = new Stream("?slow=drop")) {
            stream.next();
            stream.next();
            String filler = "x".repeat(2_000);
            for (int k = 0; k < 30; k++) {
                var events = new StringBuilder("[");
                for (int n = 0; n < 500; n++) {
                    events.append(n == 0 ? "" : ",").append("{\"type\":\"a\",\"data\":{\"f\":\"" + filler + "\"}}");
                }
                served.postJson(events + "]");
            }
            Await.until("it is behind", () -> served.metric("hypertoken_events_dropped_total{where=\"client\"}") > 0);
            long heard = 0;
            long told = 0;
            String last = "";
            while (!last.equals("id: " + served.hub.epoch() + ":15000")) {
                List<String> message = stream.next();
                if (message.getFirst().startsWith("id: ")) {
                    last = message.getFirst();
                    heard++;
                } else {
                    told += Long.parseLong(message.getFirst().replaceAll(".*\"dropped\":(\\d+),.*", "$1"));
                }
            }
            assertThat(heard + told).isEqualTo(15_000);
            assertThat(told).isPositive();
        }
    }

    @Test
    void anUnknownAddressIsAnsweredWithThoseThereAre() {
        assertThat(served.get("/nothing").body()).contains("GET /stream", "/metrics");
        assertThat(served.get("/metrics").body())
                .contains("hypertoken_events_log_seq 0", "hypertoken_events_clients 0");
    }

    @Test
    void aForeignNameThatResolvesToThisMachineIsRefused() throws IOException {
        try (var socket = new Socket("127.0.0.1", served.hub.port())) {
            socket.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }
}
