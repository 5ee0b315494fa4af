package io.hypertoken.server.bridge;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertoken.fixture.Duel;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Whatever bytes arrive, each message has one reply, a refusal carries a documented code other than `internal` and
/// leaves the session as it was.
///
/// Here the committed inputs are replayed; `./hypertoken fuzz` looks for new ones.
class ConversationFuzzTest {
    private static final UnpooledByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;
    private static final int MOST_ROWS = 16;
    private final Room room = Room.of(Servers.settings(Duel.SPEC).limits(Limits.DEFAULT.maxRows(MOST_ROWS)), () -> 0);

    /// Messages, one a line.
    @FuzzTest(maxDuration = "10m")
    void text(byte[] lines) {
        Conversation conversation = begin();
        for (String line : new String(lines, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            byte[] before = state(conversation);
            byte[] message = line.getBytes(StandardCharsets.ISO_8859_1);
            Map<String, Object> reply = read(conversation.answer(MEMORY, message));
            check(reply, line, before, conversation);
        }
        end(conversation);
    }

    /// Frames of 48 bytes, which is what a step of the session's layout has.
    @FuzzTest(maxDuration = "10m")
    void binary(byte[] frames) {
        Conversation conversation = begin();
        for (int from = 0; from < frames.length; from += 48) {
            byte[] frame = Arrays.copyOfRange(frames, from, Math.min(frames.length, from + 48));
            byte[] before = state(conversation);
            WebSocketFrame reply = conversation.answer(MEMORY, Unpooled.wrappedBuffer(frame));
            if (reply instanceof TextWebSocketFrame) {
                check(read(reply), Arrays.toString(frame), before, conversation);
            } else {
                reply.release();
            }
        }
        end(conversation);
    }

    private Conversation begin() {
        var conversation = new Conversation(room, room.settings().standard(), () -> {});
        for (String message : new String[] {"{\"cmd\":\"reset\",\"seed\":1}", "{\"cmd\":\"step\",\"action\":1}"}) {
            read(conversation.answer(MEMORY, message.getBytes(StandardCharsets.UTF_8)));
        }
        return conversation;
    }

    private static void end(Conversation conversation) {
        conversation
                .answer(MEMORY, "{\"cmd\":\"close\"}".getBytes(StandardCharsets.UTF_8))
                .release();
    }

    private static byte[] state(Conversation conversation) {
        WebSocketFrame reply = conversation.answer(MEMORY, "{\"cmd\":\"state\"}".getBytes(StandardCharsets.UTF_8));
        byte[] state = new byte[reply.content().readableBytes()];
        reply.content().readBytes(state);
        reply.release();
        return state;
    }

    private static Map<String, Object> read(WebSocketFrame reply) {
        byte[] bytes = new byte[reply.content().readableBytes()];
        reply.content().readBytes(bytes);
        reply.release();
        return JsonMessage.read(bytes);
    }

    private static void check(Map<String, Object> reply, String message, byte[] before, Conversation conversation) {
        if ("internal".equals(reply.get("code"))) {
            throw new AssertionError(message + " met a defect: " + reply);
        }
        if (reply.containsKey("error") && !Arrays.equals(before, state(conversation))) {
            throw new AssertionError(message + " was refused, but changed the session: " + reply);
        }
    }
}
