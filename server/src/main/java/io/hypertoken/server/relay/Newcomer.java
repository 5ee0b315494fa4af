package io.hypertoken.server.relay;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A program at the relay's root, silent until its first message says what it speaks: `cmd` is the bridge's protocol,
/// `type` that of seed 003's article.
final class Newcomer implements Conversation {
    private static final String EXAMPLE = "{\"type\":\"reset\"} or {\"cmd\":\"reset\"}";

    private final Connection connection;
    private final Supplier<Conversation> bridge;
    private final Supplier<ClassicPlayer> classic;
    private @Nullable Conversation speaks;
    private @Nullable ClassicPlayer player;

    Newcomer(Connection connection, Supplier<Conversation> bridge, Supplier<ClassicPlayer> classic) {
        this.connection = connection;
        this.bridge = bridge;
        this.classic = classic;
    }

    @Override
    public void begin() {
        connection.next();
    }

    @Override
    public void text(ByteBuf message) {
        if (speaks != null) {
            speaks.text(message);
            return;
        }
        byte[] bytes = ByteBufUtil.getBytes(message);
        try {
            Map<String, @Nullable Object> said = JsonMessage.read(bytes, EXAMPLE);
            if (player == null && said.containsKey("cmd")) {
                speaks = bridge.get();
                speaks.text(message.retain());
                return;
            }
            if (player == null) {
                player = classic.get();
            }
            player.hear(said);
        } catch (HyperTokenException refused) {
            connection.close(Switchboard.REFUSED, String.valueOf(refused.getMessage()));
        } finally {
            message.release();
        }
    }

    @Override
    public void binary(ByteBuf message) {
        if (speaks == null) {
            message.release();
            connection.close(Switchboard.REFUSED, "a program here begins with text, such as " + EXAMPLE);
        } else {
            speaks.binary(message);
        }
    }

    @Override
    public long longestBinary() {
        return speaks == null ? 0 : speaks.longestBinary();
    }

    @Override
    public void end() {
        if (speaks != null) {
            speaks.end();
        }
        if (player != null) {
            player.end();
        }
    }
}
