package io.hypertoken.server.relay;

import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.bridge.BridgeService;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Speaks the bridge's protocol on behalf of a peer that has words of its own: one request at a time, each with its
/// reply.
/// On the peer's loop.
final class Translator {
    private static final byte[] CLOSE = "{\"cmd\":\"close\"}".getBytes(StandardCharsets.US_ASCII);

    private final Connection peer;
    private final Conversation conversation;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private @Nullable Request asked;

    /// @param whenAnswered is given the reply, on the peer's loop
    private record Request(byte[] json, Consumer<Map<String, @Nullable Object>> whenAnswered) {}

    Translator(BridgeService bridge, Upgrade upgrade, Connection peer) {
        this.peer = peer;
        this.conversation = bridge.accept(upgrade, new Ear());
        conversation.begin();
    }

    /// Asks, when all before has been answered.
    ///
    /// @param fields of the request, names and values alternating
    void ask(Consumer<Map<String, @Nullable Object>> whenAnswered, @Nullable Object... fields) {
        waiting.add(new Request(NumberJson.bytes(Words.object(fields)), whenAnswered));
        goOn();
    }

    /// The peer is gone, and so is what it has opened: it knows no way to come back to it.
    void end() {
        waiting.clear();
        conversation.text(Unpooled.wrappedBuffer(CLOSE));
        conversation.end();
    }

    private void goOn() {
        if (asked == null && !waiting.isEmpty()) {
            asked = waiting.remove();
            conversation.text(Unpooled.wrappedBuffer(asked.json));
        }
    }

    private void answered(byte[] reply) {
        Request request = asked;
        asked = null;
        if (request != null) {
            request.whenAnswered.accept(JsonMessage.read(reply));
        }
        goOn();
    }

    /// Hears what the bridge says to its client.
    private final class Ear implements Connection {
        @Override
        public void reply(ByteBuf message, boolean text) {
            byte[] bytes = ByteBufUtil.getBytes(message);
            message.release();
            peer.execute(() -> answered(bytes));
        }

        @Override
        public void next() {
            peer.execute(Translator.this::goOn);
        }

        @Override
        public void close(int status, String reason) {
            peer.close(status, reason);
        }

        @Override
        public ByteBuf buffer(int bytes) {
            return peer.buffer(bytes);
        }

        @Override
        public void send(ByteBuf bytes) {
            bytes.release(); // the bridge only answers
        }

        @Override
        public boolean isWritable() {
            return peer.isWritable();
        }

        @Override
        public void whenWritable(Runnable task) {
            peer.whenWritable(task);
        }

        @Override
        public void execute(Runnable task) {
            peer.execute(task);
        }

        @Override
        public void close() {
            peer.close();
        }

        @Override
        public SocketAddress peer() {
            return peer.peer();
        }
    }
}
