package io.hypertoken.server.bridge;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertoken.fixture.Duel;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Whatever bytes arrive, each message has one reply, a refusal carries a documented code other than `internal` and
/// leaves the session as it was.
///
/// Here the committed inputs are replayed; `./hypertoken fuzz` looks for new ones.
class ConversationFuzzTest {
    private static final int MOST_ROWS = 16;
    private static final BridgeSettings SETTINGS = Served.settings(Duel.SPEC).limits(Limits.DEFAULT.maxRows(MOST_ROWS));

    /// Messages, one a line.
    @FuzzTest(maxDuration = "10m")
    void text(byte[] lines) {
        try (var talk = begin()) {
            for (String line : new String(lines, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                byte[] before = state(talk);
                talk.text(line.getBytes(StandardCharsets.ISO_8859_1));
                check(talk, line, before);
            }
        }
    }

    /// Frames of 48 bytes, which is what a step of the session's layout has.
    @FuzzTest(maxDuration = "10m")
    void binary(byte[] frames) {
        try (var talk = begin()) {
            for (int from = 0; from < frames.length; from += 48) {
                byte[] frame = Arrays.copyOfRange(frames, from, Math.min(frames.length, from + 48));
                byte[] before = state(talk);
                talk.binary(frame);
                if (talk.repliedText()) {
                    check(talk, Arrays.toString(frame), before);
                }
            }
        }
    }

    private static Talk begin() {
        var talk = new Talk(SETTINGS);
        talk.text("{\"cmd\":\"reset\",\"seed\":1}".getBytes(StandardCharsets.UTF_8));
        talk.text("{\"cmd\":\"step\",\"action\":1}".getBytes(StandardCharsets.UTF_8));
        return talk;
    }

    private static byte[] state(Talk talk) {
        talk.text("{\"cmd\":\"state\"}".getBytes(StandardCharsets.UTF_8));
        return talk.reply();
    }

    private static void check(Talk talk, String message, byte[] before) {
        Map<String, Object> reply = JsonMessage.read(talk.reply());
        if ("internal".equals(reply.get("code"))) {
            throw new AssertionError(message + " met a defect: " + reply);
        }
        if (reply.containsKey("error") && !Arrays.equals(before, state(talk))) {
            throw new AssertionError(message + " was refused, but changed the session: " + reply);
        }
    }
}
