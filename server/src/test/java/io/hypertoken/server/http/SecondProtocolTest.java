package io.hypertoken.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.Limits;
import io.hypertoken.server.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A port serves whatever protocol it is given: here one that knows neither sessions nor JSON. And what it does for all
/// of them before they speak.
class SecondProtocolTest {
    private static final Limits LIMITS = Limits.DEFAULT.handshakeMillis(400).maxConnections(3);
    private static final MemoryBudget BUDGET = new MemoryBudget(LIMITS.maxMemoryBytes(), Listener.messageMemory());

    private final Metrics metrics = new Metrics(BUDGET);
    private final Listener listener =
            new Listener(new ListenerSettings("127.0.0.1", 0, AccessRules.LOCAL, LIMITS), BUDGET, metrics);

    @AfterEach
    void stop() {
        listener.stop();
        listener.close();
    }

    /// Says everything backwards: texts at once, other messages from another thread.
    private record Backwards(Connection connection) implements Conversation {
        @Override
        public void begin() {
            connection.next();
        }

        @Override
        public void text(ByteBuf message) {
            reply(message, true);
        }

        @Override
        public void binary(ByteBuf message) {
            Thread.ofVirtual().start(() -> reply(message, false));
        }

        private void reply(ByteBuf message, boolean text) {
            byte[] bytes = ByteBufUtil.getBytes(message);
            message.release();
            ByteBuf reply = connection.buffer(bytes.length);
            for (int k = bytes.length - 1; k >= 0; k--) {
                reply.writeByte(bytes[k]);
            }
            connection.reply(reply, text);
        }

        @Override
        public long longestBinary() {
            return 100;
        }

        @Override
        public void end() {
            // It keeps nothing.
        }
    }

    private WebSocket connect(BlockingQueue<Object> replies) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + listener.port() + "/anywhere?x=1"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                replies.add(data.toString());
                                from.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                                byte[] bytes = new byte[data.remaining()];
                                data.get(bytes);
                                replies.add(new String(bytes, StandardCharsets.US_ASCII));
                                from.request(1);
                                return null;
                            }
                        })
                .join();
    }

    @Test
    void messagesOfBothKindsAreAnsweredInOrderWhereverTheAnswerComesFrom() throws Exception {
        listener.start((upgrade, connection) -> new Backwards(connection));
        var replies = new LinkedBlockingQueue<Object>();
        WebSocket socket = connect(replies);

        var expected = new ArrayList<String>();
        for (int k = 0; k < 200; k++) {
            String word = "word" + k;
            if (k % 3 == 0) {
                socket.sendBinary(ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII)), true)
                        .join();
            } else {
                socket.sendText(word, true).join();
            }
            expected.add(new StringBuilder(word).reverse().toString());
        }

        for (String word : expected) {
            assertThat(replies.poll(10, TimeUnit.SECONDS)).isEqualTo(word);
        }
        socket.abort();
    }

    @Test
    void aHandshakeHasADeadlineWhichNoByteNowAndThenProlongs() throws Exception {
        listener.start((upgrade, connection) -> new Backwards(connection));
        long began = System.nanoTime();
        try (var socket = new Socket("127.0.0.1", listener.port());
                var dribble = Executors.newSingleThreadScheduledExecutor()) {
            dribble.scheduleAtFixedRate(
                    () -> {
                        try {
                            socket.getOutputStream().write('G');
                        } catch (IOException gone) {
                            dribble.shutdown();
                        }
                    },
                    0,
                    50,
                    TimeUnit.MILLISECONDS);
            socket.setSoTimeout(10_000);

            assertThat(isHungUp(socket)).isTrue();

            assertThat(System.nanoTime() - began).isBetween(300_000_000L, 5_000_000_000L);
            dribble.shutdownNow();
        }
    }

    @Test
    void aFullServerRefusesAWebSocketAndStillTellsThatItLives() throws Exception {
        listener.start((upgrade, connection) -> new Backwards(connection));
        var open = new ArrayList<WebSocket>();
        for (int k = 0; k < 3; k++) {
            open.add(connect(new LinkedBlockingQueue<>()));
        }

        assertThat(first("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
                .startsWith("HTTP/1.1 503");
        assertThat(first("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        open.forEach(WebSocket::abort);
    }

    @Test
    void whoSaysNothingMakesRoomForWhoDoes() throws Exception {
        listener.start((upgrade, connection) -> new Backwards(connection));
        var silent = new ArrayList<Socket>();
        for (int k = 0; k < 300; k++) { // more than there are places, and room in front of them
            silent.add(new Socket("127.0.0.1", listener.port()));
        }

        var replies = new LinkedBlockingQueue<Object>();
        WebSocket newcomer = connect(replies);
        newcomer.sendText("word", true).join();

        assertThat(replies.poll(10, TimeUnit.SECONDS)).isEqualTo("drow");
        assertThat(first("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        for (Socket socket : silent) {
            socket.setSoTimeout(10_000);
            assertThat(isHungUp(socket)).isTrue();
            socket.close();
        }
        newcomer.abort();
    }

    private String first(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean isHungUp(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void aDeadPeerIsFoundByTheKernelInHalfAMinute() {
        var channel = new NioSocketChannel();

        Listener.findDeadPeers(channel);

        assertThat(List.of(
                        channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)),
                        channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)),
                        channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT))))
                .containsExactly(15, 5, 3);
        assertThat(channel.config().isKeepAlive()).isTrue();
        channel.unsafe().closeForcibly();
    }
}
