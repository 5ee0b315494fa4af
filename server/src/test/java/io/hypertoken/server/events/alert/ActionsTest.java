package io.hypertoken.server.events.alert;

import static io.hypertoken.server.events.alert.Told.object;
import static io.hypertoken.server.events.alert.Told.price;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.bridge.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an alert sets off outside of its hub.
class ActionsTest {
    private static final long COMMAND_MILLIS = 2_000;

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private Alerts alerts;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/ok", exchange -> answer(exchange, 200));
        server.createContext("/shaky", exchange -> answer(exchange, asked.incrementAndGet() < 3 ? 503 : 204));
        server.createContext("/broken", exchange -> answer(exchange, asked.incrementAndGet() > 0 ? 500 : 0));
        server.createContext("/gone", exchange -> answer(exchange, asked.incrementAndGet() > 0 ? 404 : 0));
        server.createContext("/away", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Location", address("/ok"));
            answer(exchange, 302);
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                while (true) {
                    out.write(new byte[1 << 16]);
                }
            }
        });
        server.start();
        alerts = Alerts.open(
                new AlertSettings(null, List.of("127.0.0.1"), true),
                event -> {},
                InstantSource.system(),
                1,
                COMMAND_MILLIS);
    }

    @AfterEach
    void close() {
        alerts.close();
        server.stop(0);
    }

    @Test
    void aWebhookIsPostedTheAlert() {
        webhook("/ok");

        alerts.accept(price("Coal", 149));

        Await.until("delivery", () -> alerts.counts().delivered() == 1);
        Map<String, Object> alert = JsonMessage.read(received.getFirst().getBytes(UTF_8));
        assertThat(alert).containsEntry("type", "alert").containsKey("timestamp");
        assertThat(alert.get("data").toString()).startsWith("{rule=r, message=price_update of Coal, item=Coal");
    }

    @Test
    void whatMayBeOverSoonIsTriedAgain() {
        webhook("/shaky");

        alerts.accept(price("Coal", 1));

        Await.until("delivery", () -> alerts.counts().delivered() == 1);
        assertThat(asked).hasValue(3);
    }

    @Test
    void triesEnd() {
        webhook("/broken");

        alerts.accept(price("Coal", 1));

        Await.until("failure", () -> alerts.counts().failed() == 1);
        assertThat(asked).hasValue(4);
    }

    @Test
    void whatIsRefusedForGoodIsNotTriedAgain() {
        webhook("/gone");

        alerts.accept(price("Coal", 1));

        Await.until("failure", () -> alerts.counts().failed() == 1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void noRedirectIsFollowed() {
        webhook("/away");

        alerts.accept(price("Coal", 1));

        Await.until("failure", () -> alerts.counts().failed() == 1);
        assertThat(asked).hasValue(1);
        assertThat(received).as("one request, to the first place only").hasSize(1);
    }

    @Test
    void anAnswerWithoutEndHoldsNothingUp() {
        webhook("/endless");

        alerts.accept(price("Coal", 1));

        Await.until("delivery", () -> alerts.counts().delivered() == 1);
    }

    @Test
    void aHostThatDoesNotAnswerTakesABoundedNumberAndTheRestIsCounted() throws IOException {
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            alerts.put(object("{'name':'r','cooldown':0,'event':false,'webhook':'http://127.0.0.1:"
                    + deaf.getLocalPort() + "/'}"));
            for (int k = 0; k < 300; k++) {
                alerts.accept(price("Coal", k + 1));
            }

            assertThat(alerts.counts().raised()).isEqualTo(300);
            Await.until("drops", () -> alerts.counts().dropped() == 300 - 256);
        }
    }

    @Test
    void aCommandReadsTheAlertAndNoShellReadsTheCommand() throws IOException {
        Path out = folder.resolve("out $(x).json");
        alerts.put(object("{'name':'r','event':false,'command':['tee','" + out + "']}"));

        alerts.accept(price("Coal", 149));

        Await.until("delivery", () -> alerts.counts().delivered() == 1);
        assertThat(Files.readString(out))
                .startsWith("{\"type\":\"alert\",\"data\":{\"rule\":\"r\"")
                .endsWith("}\n");
    }

    @Test
    void commandsThatHangAreEndedWithTheirChildrenAndOnlyAFewWait() {
        alerts.put(object("{'name':'r','cooldown':0,'event':false,'command':['sh','-c','sleep 60; true']}"));
        for (int k = 0; k < 80; k++) {
            alerts.accept(price("Coal", k + 1));
        }

        assertThat(alerts.counts().dropped()).isEqualTo(80 - 4 - 64);
        Await.until("the first are ended", () -> alerts.counts().failed() >= 4);
        alerts.close();
        Await.until("none is left", () -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aCommandThatIsNotThereOrFailsIsCounted() {
        alerts.put(object("{'name':'a','event':false,'command':['/no/such/program']}"));
        alerts.put(object("{'name':'b','event':false,'command':['false']}"));

        alerts.accept(price("Coal", 1));

        Await.until("two failures", () -> alerts.counts().failed() == 2);
    }

    private void webhook(String path) {
        alerts.put(object("{'name':'r','event':false,'webhook':'" + address(path) + "'}"));
    }

    private String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
