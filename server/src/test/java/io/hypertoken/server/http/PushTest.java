package io.hypertoken.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.Limits;
import io.hypertoken.server.bridge.Await;
import io.netty.buffer.ByteBuf;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a protocol may do beside answering: push, wait for a slow peer, take leave, and find one that is dead.
class PushTest {
    private static final byte[] HANDSHAKE =
            ("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    private final Metrics metrics = Metrics.within(Limits.DEFAULT);
    private Listener listener = listener(List.of("127.0.0.1"), 0, Limits.DEFAULT);

    private Listener listener(List<String> hosts, long heartbeatMillis, Limits limits) {
        return new Listener(
                new ListenerSettings(hosts, 0, ListenerSettings.ADVICE, AccessRules.LOCAL, limits, heartbeatMillis),
                metrics.budget(),
                metrics);
    }

    @AfterEach
    void stop() {
        listener.stop();
        listener.close();
    }

    /// Says nothing by itself.
    private record Silent(Connection connection) implements Conversation {
        @Override
        public void begin() {
            connection.next();
        }

        @Override
        public void text(ByteBuf message) {
            connection.reply(message, true);
        }

        @Override
        public void binary(ByteBuf message) {
            message.release();
            connection.next();
        }

        @Override
        public long longestBinary() {
            return 0;
        }

        @Override
        public void end() {
            // It keeps nothing.
        }
    }

    /// A peer that reads bytes, and answers no pings.
    private final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Peer() throws IOException {
            socket = new Socket("127.0.0.1", listener.port());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(HANDSHAKE);
            in = new DataInputStream(socket.getInputStream());
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        }

        /// The opcode of the next frame, and its payload.
        String frame() throws IOException {
            int opcode = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte();
            int bytes = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            return opcode + ":" + new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void start() {
        listener.start((upgrade, connection) -> {
            connections.add(connection);
            return new Silent(connection);
        });
    }

    private static void push(Connection connection, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = connection.buffer(bytes.length + Frames.LONGEST_HEAD);
        Frames.writeTextHead(frame, bytes.length);
        connection.send(frame.writeBytes(bytes));
    }

    private Connection connected() throws InterruptedException {
        return connections.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void framesOfEveryLengthArePushedInOrderAmongReplies() throws Exception {
        start();
        try (var peer = new Peer()) {
            Connection connection = connected();
            push(connection, "a");
            push(connection, "b".repeat(200));
            push(connection, "c".repeat(70_000));

            assertThat(peer.frame()).isEqualTo("1:a");
            assertThat(peer.frame()).hasSize(202);
            assertThat(peer.frame()).hasSize(70_002);
            peer.socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'});
            assertThat(peer.frame()).isEqualTo("1:x");
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNotWritableUntilItDoes() throws Exception {
        start();
        try (var peer = new Peer()) {
            Connection connection = connected();
            var woken = new AtomicInteger();
            String text = "x".repeat(10_000);
            int pushed = 0;
            while (connection.isWritable() && pushed < 10_000) {
                push(connection, text);
                pushed++;
            }
            assertThat(pushed).isLessThan(10_000);
            connection.whenWritable(woken::incrementAndGet);
            long held = metrics.budget().used();
            assertThat(held).isLessThan(1 << 20);

            for (int k = 0; k < pushed; k++) {
                assertThat(peer.frame()).hasSize(10_002);
            }
            Await.until("it is writable again", () -> connection.isWritable() && woken.get() == 1);
            push(connection, "more");
            assertThat(peer.frame()).isEqualTo("1:more");
        }
    }

    @Test
    void aGoodbyeComesBehindWhatWasSentAndNothingBehindIt() throws Exception {
        start();
        try (var peer = new Peer()) {
            Connection connection = connected();
            push(connection, "last");
            connection.close(1013, "too slow");
            push(connection, "too late");

            assertThat(peer.frame()).isEqualTo("1:last");
            assertThat(peer.frame()).isEqualTo("8:" + (char) (1013 >> 8) + (char) (1013 & 0xFF) + "too slow");
            assertThat(peer.in.read()).isNegative();
        }
    }

    @Test
    void whoMissesTwoPingsIsDisconnectedAndWhoSaysAnythingIsNot() throws Exception {
        listener.close();
        listener = listener(List.of("127.0.0.1"), 100, Limits.DEFAULT);
        start();
        try (var dead = new Peer();
                var alive = new Peer()) {
            assertThat(dead.frame()).isEqualTo("9:");
            for (int k = 0; k < 8; k++) {
                assertThat(alive.frame()).isEqualTo("9:");
                alive.socket.getOutputStream().write(new byte[] {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0});
            }
            int pings = 1;
            while (dead.in.read() >= 0) {
                pings++;
            }
            assertThat(pings).as("bytes of pings").isLessThan(12);
            assertThat(metrics.text()).asString(StandardCharsets.UTF_8).contains("reason=\"heartbeat\"} 1.0");
            alive.socket.getOutputStream().write(new byte[] {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0});
            assertThat(alive.frame()).isEqualTo("9:");
        }
    }

    static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
    }

    @Test
    @EnabledIf("hasIpv6")
    void onePortListensOnBothLoopbacks() throws Exception {
        listener.close();
        listener = listener(List.of("127.0.0.1", "::1"), 0, Limits.DEFAULT);
        start();
        for (String host : List.of("127.0.0.1", "::1")) {
            try (var socket = new Socket(host, listener.port())) {
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }
}
