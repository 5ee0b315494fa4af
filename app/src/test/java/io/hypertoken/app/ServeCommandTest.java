package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as a process: what it prints, how it stops, and its exit codes.
class ServeCommandTest extends CommandTest {
    private static final int SECONDS = 20;

    @TempDir
    private Path folder;

    /// A server process; its log goes to a file.
    private final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Server(String... arguments) throws IOException {
            var line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.hypertoken.app.Main",
                    "serve"));
            line.addAll(List.of(arguments));
            process = new ProcessBuilder(line).redirectError(log().toFile()).start();
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        String firstLine() throws IOException {
            return out.readLine();
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static String ask(String url, String message) {
        var reply = new CompletableFuture<String>();
        var socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            reply.complete(text.toString());
                        }
                        from.request(1);
                        return null;
                    }
                })
                .join();
        socket.sendText(message, true).join();
        String text = reply.orTimeout(SECONDS, TimeUnit.SECONDS).join();
        socket.abort();
        return text;
    }

    @Test
    void aRelayBesideItSpeaksTheBridgesProtocolToo() throws Exception {
        try (var server = new Server("--env", "corridor", "--port", "0", "--relay-port", "0", "--events-port", "0")) {
            String relay = server.firstLine();
            assertThat(relay).matches("HyperToken relay at ws://127\\.0\\.0\\.1:\\d+");
            assertThat(server.firstLine()).startsWith("HyperToken serving corridor");
            assertThat(ask(relay.substring(relay.indexOf("ws://")), "{\"cmd\":\"hello\"}"))
                    .contains("\"corridor\"");

            server.process.destroy();

            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void itPrintsWhereItListensAndStopsInOrderOnSigterm() throws Exception {
        try (var server =
                new Server("--env", "corridor", "--port", "0", "--length", "5", "-s", "7", "--events-port", "0")) {
            String line = server.firstLine();
            assertThat(line).matches("HyperToken serving corridor at ws://127\\.0\\.0\\.1:\\d+");
            String url = line.substring(line.indexOf("ws://"));
            assertThat(ask(url, "{\"cmd\":\"env_info\"}")).contains("\"env_options\":{\"length\":5}", "\"seed\":7");
            long began = System.nanoTime();

            server.process.destroy();

            assertThat(server.exitCode()).isZero();
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void itStopsInOrderWhenItsInputEndsIfToldSo() throws Exception {
        try (var server = new Server("--env", "corridor", "--port", "0", "--until-eof", "--events-port", "0")) {
            assertThat(server.firstLine()).startsWith("HyperToken serving corridor at ws://");

            server.process.getOutputStream().close();

            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void whatItsSessionsDoIsToldByTheHubBesideIt() throws Exception {
        try (var server = new Server(
                "-e",
                "corridor",
                "-p",
                "0",
                "--events-port",
                Integer.toString(freePort()),
                "--events-log",
                folder + "/events")) {
            String line = server.firstLine();
            String events = server.firstLine();
            assertThat(events).matches("HyperToken events at http://127\\.0\\.0\\.1:\\d+/");
            String url = line.substring(line.indexOf("ws://"));
            String page = events.substring(events.indexOf("http"));

            ask(url, "{\"cmd\":\"reset\",\"seed\":1}");

            String log = get(page + "events");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (!log.contains("session_opened") && System.nanoTime() < deadline) {
                log = get(page + "events");
            }
            assertThat(log).contains("\"type\":\"session_opened\"", "\"environment\":\"corridor\"", "\"rows\":1");
            assertThat(get(page + "metrics")).contains("hypertoken_events_total", "hypertoken_sessions");
            assertThat(get(url.replace("ws", "http") + "/metrics")).contains("hypertoken_events_total");
            server.process.destroy();
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void anEventsPortThatWasNamedAndIsTakenIsExitCodeOne() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int exit =
                    run("serve", "-e", "corridor", "-p", "0", "--events-port", Integer.toString(taken.getLocalPort()));

            assertThat(exit).isEqualTo(1);
            assertThat(err()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort(), "--events-port 0");
        }
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void verboseLogsOneLineAMessageAndNeverTheToken() throws Exception {
        try (var server = new Server("-e", "corridor", "-p", "0", "-v", "--token", "s3cret", "--events-port", "0")) {
            String line = server.firstLine();
            String url = line.substring(line.indexOf("ws://"));

            ask(url + "/?token=s3cret", "{\"cmd\":\"step\",\"id\":4}");
            server.process.destroy();
            server.exitCode();

            assertThat(Files.readAllLines(log()))
                    .anyMatch(each -> each.endsWith("-> {\"cmd\":\"step\",\"id\":4}"))
                    .anyMatch(each -> each.contains("<- {\"id\":4,\"error\":\"corridor has not been reset;"))
                    .noneMatch(each -> each.contains("s3cret"));
        }
    }

    @Test
    void aPortInUseIsOneClearLineAndExitCodeOne() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int exit = run("serve", "--env", "corridor", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(exit).isEqualTo(1);
            assertThat(err().lines())
                    .containsExactly(
                            "hypertoken: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                    + "; Address already in use; choose another port or address, or pass --port 0 for any free port");
            assertThat(out()).isEmpty();
        }
    }

    @Test
    void anUnknownHostIsOneClearLineAndExitCodeOne() {
        int exit = run("serve", "--env", "corridor", "--host", "no.such.host.invalid", "--insecure", "--port", "0");

        assertThat(exit).isEqualTo(1);
        assertThat(err().lines())
                .containsExactly("hypertoken: cannot listen on no.such.host.invalid:0; this machine knows no address of"
                        + " that name; choose another port or address, or pass --port 0 for any free port");
    }

    @Test
    void otherMachinesAreNotServedWithoutAToken() {
        assertThat(run("serve", "--env", "corridor", "--host", "0.0.0.0")).isEqualTo(1);
        assertThat(err()).startsWith("hypertoken: refused to listen on 0.0.0.0 without a token; ");
    }

    @Test
    void anOptionThatTheEnvironmentDoesNotDeclareIsRefused() {
        assertThat(run("serve", "--env", "corridor", "--decks", "3")).isEqualTo(1);
        assertThat(err())
                .isEqualTo("hypertoken: corridor refused option decks; it is not among the options declared for open; "
                        + "known: length" + System.lineSeparator());
        assertThat(run("serve", "--env", "corridor", "--lenght", "3")).isEqualTo(2);
        assertThat(err())
                .startsWith("hypertoken: unknown option --lenght; neither hypertoken serve nor corridor declares it; "
                        + "did you mean --length?");
        assertThat(run("serve", "--env", "corridor", "--qwertyuiop", "3")).isEqualTo(2);
        assertThat(err().split("; known: ")[1].split("[,;] "))
                .contains("--agents", "--length")
                .doesNotHaveDuplicates();
        assertThat(run("serve", "--env", "coridor")).isEqualTo(1);
        assertThat(err())
                .isEqualTo("hypertoken: there is no environment coridor; no jar on the class path declares it; "
                        + "did you mean corridor?" + System.lineSeparator());
    }
}
