package io.hypertoken.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.server.relay.rows.BrowserResolver;
import io.hypertoken.server.session.Opening;
import io.hypertoken.space.Spaces;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who connects at a relay's root, who may not, and what it serves beside.
class RelayRootTest {
    private static final Spec SPEC = Corridor.SPEC;
    /// What is seen of it fills a socket's buffers in some hundred steps.
    private static final Spec WIDE = Spec.of("wide", 1)
            .observes(Spaces.box(0, 1, 20_000))
            .acts("go")
            .masks(MaskMeaning.NONE)
            .creates(options -> new Environment() {
                @Override
                public void reset(Step step) {}

                @Override
                public void step(Step step) {}

                @Override
                public void observe(int agent, View view) {}
            });
    private static final String[] BROWSER = {"User-Agent", "Mozilla/5.0 (X11; Linux)"};

    @TempDir
    private Path folder;

    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("pages/game")).resolve("index.html"), "<p>the game");
        Files.writeString(folder.resolve("secret"), "nobody's");
        relay = Relay.start(new RelaySettings(new Catalogue(List.of(SPEC), List.of(new BrowserResolver())), 0)
                .opening(Opening.of(SPEC, Map.of(), 7L, 0))
                .pages(folder.resolve("pages")));
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    /// A program or a page that is connected.
    private static final class Peer implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Peer(String url, String... headers) {
            var builder = HttpClient.newHttpClient().newWebSocketBuilder();
            for (int k = 0; k < headers.length; k += 2) {
                builder.header(headers[k], headers[k + 1]);
            }
            socket = builder.buildAsync(URI.create(url), this).join();
        }

        String ask(String message) {
            socket.sendText(message, true).join();
            return next();
        }

        /// Waits for the whole of the answer, which may come in parts.
        void sendAndHear(String message) {
            String part = ask(message);
            while (!part.endsWith("}")) {
                part = next();
            }
        }

        String next() {
            try {
                return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            heard.add(part.toString());
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            heard.add(status + " " + reason);
            return CompletableFuture.completedFuture(null);
        }
    }

    private String origin() {
        return relay.url().replace("ws:", "http:");
    }

    @Test
    void aProgramIsToldOnlyWhatItAsksFor() {
        var player = new Peer(relay.url());
        assertThat(player.ask("{\"type\":\"reset\"}")).matches("\\{\"observation\":\\d+}");
        player.socket.sendText("{\"type\":\"render\"}", true).join();
        assertThat(player.ask("{\"type\":\"step\",\"action\":0}"))
                .matches("\\{\"observation\":\\d+,\"reward\":-1,\"terminated\":false,\"truncated\":false}");
        assertThat(player.ask("{\"type\":\"step\",\"action\":9}")).startsWith("1008 corridor refused action 9");
    }

    @Test
    void anOriginAloneMakesNoPage() {
        var player = new Peer(relay.url(), "Origin", origin()); // as Python's websocket-client sends it
        assertThat(player.ask("{\"type\":\"reset\"}")).startsWith("{\"observation\":");
    }

    @Test
    void whoSaysCmdSpeaksTheBridgesProtocol() {
        var client = new Peer(relay.url());
        assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":1}")).isEqualTo("{\"ok\":true,\"at\":1,\"seed\":1}");
        assertThat(client.ask("{\"type\":\"reset\"}")).contains("\"code\":\"missing_field\"");
    }

    @Test
    void aPageWatchesWhoPlaysUntilItActsItself() {
        var player = new Peer(relay.url());
        String begun = player.ask("{\"type\":\"reset\"}");
        var page = new Peer(relay.url(), BROWSER[0], BROWSER[1], "Origin", origin());
        assertThat(page.next()).isEqualTo(begun.replace("{", "{\"type\":\"reset\","));
        player.ask("{\"type\":\"step\",\"action\":1}");
        assertThat(page.next()).startsWith("{\"type\":\"observation\",\"observation\":");

        page.socket.sendText("{\"type\":\"action\",\"action\":1}", true).join();
        assertThat(page.next()).startsWith("{\"type\":\"reset\",");
        assertThat(page.next()).startsWith("{\"type\":\"observation\",");
        player.ask("{\"type\":\"step\",\"action\":0}");
        assertThat(page.heard).as("it watches its own game only").isEmpty();
    }

    @Test
    void aViewerThatDoesNotReadMissesFramesAndHoldsNobodyUp() throws IOException {
        int steps = 300;
        relay.close();
        relay = Relay.start(
                new RelaySettings(new Catalogue(List.of(WIDE)), 0).opening(Opening.of(WIDE, Map.of(), 7L, 0)));
        var player = new Peer(relay.url());
        player.sendAndHear("{\"type\":\"reset\"}");
        try (var viewer = new Socket()) {
            viewer.setReceiveBufferSize(4096);
            viewer.connect(
                    new InetSocketAddress("127.0.0.1", URI.create(relay.url()).getPort()));
            viewer.setSoTimeout(10_000);
            viewer.getOutputStream()
                    .write("""
                    GET / HTTP/1.1
                    Host: 127.0.0.1
                    Upgrade: websocket
                    Connection: Upgrade
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                    Origin: %s
                    User-Agent: Mozilla/5.0

                    """.formatted(origin()).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            var frames = new BufferedInputStream(viewer.getInputStream());
            readUntil(frames, "\"type\":\"reset\"");

            for (int k = 0; k < steps; k++) {
                player.sendAndHear("{\"type\":\"step\",\"action\":0}");
            }

            viewer.setSoTimeout(500);
            String seen = readUntil(frames, "nothing more comes");
            assertThat(seen.split("\"type\":\"observation\"", -1).length - 1).isBetween(1, steps * 3 / 4);
            player.sendAndHear("{\"type\":\"step\",\"action\":0}");
            assertThat(readUntil(frames, "\"type\":\"observation\"")).contains("observation");
        }
    }

    /// What comes until these words, or nothing more does in time.
    private static String readUntil(InputStream in, String words) throws IOException {
        var read = new StringBuilder();
        try {
            while (read.indexOf(words, Math.max(0, read.length() - words.length())) < 0) {
                read.append((char) in.read());
            }
        } catch (SocketTimeoutException nothingMore) {
            return read.toString();
        }
        return read.toString();
    }

    @Test
    void aPageIsShownAGameWhereNobodyPlays() {
        var page = new Peer(relay.url(), BROWSER[0], BROWSER[1], "Origin", origin());
        assertThat(page.next()).startsWith("{\"type\":\"reset\",\"observation\":");
    }

    @Test
    void pagesOfOtherOriginsAndOfFilesAreRefused() {
        for (String foreign : List.of("https://evil.example", "null")) {
            assertThatThrownBy(() -> new Peer(relay.url() + "/host", "Origin", foreign))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(403));
        }
    }

    @Test
    void itServesItsFolderAndNothingBesideIt() throws IOException {
        assertThat(get("/game/")).startsWith("HTTP/1.1 200").endsWith("<p>the game");
        assertThat(get("/game")).startsWith("HTTP/1.1 301").contains("/game/");
        for (String path : List.of("/../secret", "/%2e%2e/secret", "/game/../../secret", "/nothing", "/%00")) {
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 404").doesNotContain("nobody");
        }
        assertThat(get("/health")).endsWith("ok\n");
    }

    private String get(String path) throws IOException {
        try (var socket = new Socket("127.0.0.1", relay.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + relay.port() + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> Relay.start(new RelaySettings(new Catalogue(List.of()), 0).pages(Path.of("nowhere"))))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("refused the folder of pages");
    }
}
