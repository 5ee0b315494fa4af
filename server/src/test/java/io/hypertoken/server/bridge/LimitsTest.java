package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Auction;
import io.hypertoken.server.Limits;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Messages that are too long or too many, and a server that stops.
class LimitsTest {
    private static final String PING = "{\"cmd\":\"ping\"}";

    private static Bridge start(Limits limits) {
        return Bridge.start(Served.settings(Auction.SPEC).limits(limits));
    }

    private static String ping(int bytes) {
        return "{\"cmd\":\"ping\"" + " ".repeat(bytes - PING.length()) + "}";
    }

    @Test
    void aTextMessageOverTheLimitClosesWith1009() {
        try (var bridge = start(Limits.DEFAULT.maxMessageBytes(1000));
                var client = Client.connect(bridge.url())) {
            assertThat(client.ask(ping(1000))).containsKey("pong");

            client.send(ping(1001));

            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void theFragmentsOfAMessageAreCountedTogether() {
        try (var bridge = start(Limits.DEFAULT.maxMessageBytes(100));
                var client = Client.connect(bridge.url())) {
            assertThat(client.askInPieces(ping(100))).containsKey("pong");

            client.sendInPieces(ping(101));

            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void aBinaryMessageMayBeAsLongAsItsLayoutNeedsAndNoLonger() {
        try (var bridge = start(Limits.DEFAULT.maxMessageBytes(400));
                var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"open\",\"env\":\"corridor\",\"num_envs\":100}");

            assertThat(client.ask(ByteBuffer.allocate(32 + 936 + 400)))
                    .asString()
                    .as("the reset's seeds and flags, 64-byte aligned, and its options")
                    .contains("refused a binary frame with magic 0x0");
            client.send(ByteBuffer.allocate(32 + 936 + 401));

            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void aConnectionThatSendsTooFastIsRefusedButStaysOpen() {
        var now = new AtomicLong();
        try (var bridge = Bridge.start(
                        Served.settings(Auction.SPEC).limits(Limits.DEFAULT.messagesPerSecond(3)), now::get);
                var client = Client.connect(bridge.url())) {
            for (int k = 0; k < 3; k++) {
                assertThat(client.ask(PING)).containsKey("pong");
            }

            assertThat(client.ask("{\"cmd\":\"ping\",\"id\":1}"))
                    .containsEntry("id", 1L)
                    .containsEntry("code", "rate_limited")
                    .containsEntry(
                            "error",
                            "refused a message; this server takes 3 a second from a connection; "
                                    + "send fewer, or step batches");
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(334));
            assertThat(client.ask(PING)).containsKey("pong");
            assertThat(client.ask(PING)).containsEntry("code", "rate_limited");
        }
    }

    @Test
    void aStoppingServerAnswersWhatItWasAskedAndClosesWith1001() {
        var bridge = start(Limits.DEFAULT);
        try (var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"reset\",\"seed\":1}");
            client.send(PING);
            String reply = client.text();
            long began = System.nanoTime();

            bridge.close();

            assertThat(reply).contains("pong");
            assertThat(client.closed()).isEqualTo(1001);
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void textThatIsNotUtf8ClosesWith1007() throws Exception {
        try (var bridge = start(Limits.DEFAULT);
                var socket = new Socket("127.0.0.1", bridge.port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket);

            raw.sendText(new byte[] {'"', (byte) 0xC3, (byte) 0x28, '"'});

            assertThat(raw.closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void anUnmaskedFrameBreaksTheProtocolAndCloses() throws Exception {
        try (var bridge = start(Limits.DEFAULT);
                var socket = new Socket("127.0.0.1", bridge.port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket);

            raw.send(new byte[] {(byte) 0x81, 2, '{', '}'});

            assertThat(raw.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aFrameThatClaimsToBeEndlessIsRefusedByItsHeaderAlone() throws Exception {
        try (var bridge = start(Limits.DEFAULT);
                var socket = new Socket("127.0.0.1", bridge.port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket);

            raw.send(new byte[] {(byte) 0x82, (byte) 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1});

            assertThat(raw.closeCode()).isEqualTo(1009);
        }
    }
}
