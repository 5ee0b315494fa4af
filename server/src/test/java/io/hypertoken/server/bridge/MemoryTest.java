package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients hold is bounded, told, and given back.
class MemoryTest {
    private static final String SESSIONS = "hypertoken_memory_bytes{kind=\"sessions\"}";
    private static final String REPLIES = "hypertoken_memory_bytes{kind=\"replies\"}";
    private static final String ENV_INFO = "{\"cmd\":\"env_info\"}";

    private static Bridge start(Limits limits) {
        return Bridge.start(Served.settings(Big.SPEC).limits(limits));
    }

    @Test
    void aSessionBeyondTheBudgetIsRefusedWithTheNumbers() {
        try (var bridge = start(Limits.DEFAULT.maxMemoryBytes(1_000_000));
                var first = Client.connect(bridge.url());
                var second = Client.connect(bridge.url())) {
            assertThat(first.ask("{\"cmd\":\"open\",\"env\":\"big\",\"num_envs\":200}"))
                    .containsKey("session");
            double held = Client.metric(bridge, SESSIONS);

            assertThat((String) second.ask("{\"cmd\":\"open\",\"env\":\"big\",\"num_envs\":200}")
                            .get("error"))
                    .startsWith("refused to open 200 rows of big; their columns take " + (long) held + " bytes, and "
                            + (long) held + " of this server's 1000000 are held already; open fewer rows, ");
            first.ask("{\"cmd\":\"close\"}");
            assertThat(Client.metric(bridge, SESSIONS)).isZero();
            assertThat(second.ask("{\"cmd\":\"open\",\"env\":\"big\",\"num_envs\":200}"))
                    .containsKey("session");
        }
    }

    @Test
    void twoThousandFailedOpensHoldNothing() {
        try (var bridge = start(Limits.DEFAULT.maxMemoryBytes(1_000_000).maxSessions(3));
                var client = Client.connect(bridge.url())) {
            for (int k = 0; k < 2000; k++) {
                assertThat(client.ask("{\"cmd\":\"open\",\"env\":\"stillborn\",\"options\":{\"size\":1000}}"))
                        .containsEntry("code", "environment_failed");
            }

            assertThat(Client.metric(bridge, SESSIONS)).isZero();
            assertThat(Client.metric(bridge, "hypertoken_sessions")).isZero();
            assertThat(client.ask(ENV_INFO)).containsKey("session");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "overflow", "assertion", "missing"})
    void whateverAConstructorThrowsItsPlaceIsFreeAndTheConnectionOpen(String thrown) {
        try (var bridge = start(Limits.DEFAULT.maxSessions(3));
                var client = Client.connect(bridge.url())) {
            for (int k = 0; k < 10; k++) {
                assertThat(client.ask(
                                "{\"cmd\":\"open\",\"env\":\"stillborn\",\"options\":{\"with\":\"" + thrown + "\"}}"))
                        .containsEntry("code", "environment_failed");
            }

            assertThat(client.ask(ENV_INFO)).containsKey("session");
            assertThat(Client.metric(bridge, "hypertoken_sessions")).isEqualTo(1);
        }
    }

    /// Asks and asks, and never reads.
    private static final class Glutton implements AutoCloseable {
        private static final long QUIET_NANOS = 300_000_000;
        private final Socket socket = new Socket();
        private final RawWebSocket raw;

        Glutton(Bridge bridge) throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", bridge.port()));
            raw = RawWebSocket.upgrade(socket);
        }

        /// Sends until the server has taken nothing for a while, or hangs up.
        void ask(byte[] frame) {
            var sent = new AtomicLong();
            var writer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        raw.send(frame);
                        sent.incrementAndGet();
                    }
                } catch (IOException hungUp) {
                    // what the test waits for
                }
            });
            var seen = new AtomicLong();
            var since = new AtomicLong();
            Await.until("the server stops to read", () -> {
                if (seen.getAndSet(sent.get()) != sent.get()) {
                    since.set(System.nanoTime());
                }
                return !writer.isAlive() || System.nanoTime() - since.get() > QUIET_NANOS;
            });
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNotReadFromAndThenDropped() throws Exception {
        byte[] request = RawWebSocket.frame(0x81, ENV_INFO.getBytes(StandardCharsets.UTF_8));
        try (var bridge = start(Limits.DEFAULT.unreadMillis(1500));
                var glutton = new Glutton(bridge);
                var other = Client.connect(bridge.url())) {
            glutton.ask(request);

            Await.until("something waits", () -> Client.metric(bridge, REPLIES) > 0);
            assertThat(Client.metric(bridge, REPLIES)).isLessThan(400_000);
            assertThat(other.ask("{\"cmd\":\"ping\"}")).containsKey("pong");
            Await.until(
                    "it is dropped", () -> Client.metric(bridge, "hypertoken_refused_total{reason=\"unread\"}") == 1);
            Await.until("nothing waits any more", () -> Client.metric(bridge, REPLIES) == 0);
        }
    }

    @Test
    void unreadPongsAreBoundedToo() throws Exception {
        byte[] ping = RawWebSocket.frame(0x89, new byte[125]);
        try (var bridge = start(Limits.DEFAULT);
                var glutton = new Glutton(bridge)) {
            glutton.ask(ping);

            assertThat(Client.metric(bridge, REPLIES)).isLessThan(400_000);
        }
    }

    @Test
    void whenUnreadRepliesExceedTheBudgetWhoHasNotReadForLongestIsDroppedAndNobodyElse() throws Exception {
        byte[] request = RawWebSocket.frame(0x81, ENV_INFO.getBytes(StandardCharsets.UTF_8));
        try (var bridge = start(Limits.DEFAULT.maxMemoryBytes(150_000));
                var innocent = Client.connect(bridge.url());
                var first = new Glutton(bridge)) {
            assertThat(innocent.ask(ENV_INFO)).containsKey("session");
            first.ask(request);
            try (var second = new Glutton(bridge);
                    var third = new Glutton(bridge)) {
                second.ask(request);
                third.ask(request);

                Await.until(
                        "one is dropped",
                        () -> Client.metric(bridge, "hypertoken_refused_total{reason=\"memory\"}") >= 1);
                assertThat(innocent.ask("{\"cmd\":\"reset\",\"seed\":1}")).containsEntry("ok", true);
            }
        }
    }
}
