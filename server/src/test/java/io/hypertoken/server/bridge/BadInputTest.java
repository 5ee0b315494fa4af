package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Auction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything that a client can get wrong: a documented code, an open connection, and nothing changed.
class BadInputTest {
    @RegisterExtension
    private static final Served SERVED = Served.by(Auction.SPEC);

    private final Client client = SERVED.connect();

    /// Three steps into an episode of an environment; all state that could change.
    private record State(Object digest, Object steps, Object snapshot, Object last, Object at) {}

    private State state() {
        Map<String, Object> digest = client.ask("{\"cmd\":\"digest\"}");
        Object snapshot = client.ask("{\"cmd\":\"state\"}").getOrDefault("snapshot", "none");
        Object session = client.ask("{\"cmd\":\"env_info\"}").get("session");
        Object at =
                client.ask("{\"cmd\":\"open\",\"session\":\"" + session + "\"}").get("at");
        return new State(digest.get("digest"), digest.get("steps"), snapshot, client.ask("{\"cmd\":\"last\"}"), at);
    }

    private void begin(String environment) {
        client.ask("{\"cmd\":\"open\",\"env\":\"" + environment + "\",\"digest\":true}");
        assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":1}")).containsEntry("ok", true);
        if (environment.equals("duel")) {
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":0}")).containsEntry("ok", true);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvFileSource(
            resources = "bad-input.csv",
            delimiter = '|',
            quoteCharacter = '\0',
            commentCharacter = '#',
            maxCharsPerColumn = 10_000)
    void aBadMessageIsRefusedWithItsCodeAndChangesNothing(String environment, String message, String code, String why) {
        begin(environment);
        State before = state();

        Map<String, Object> refusal = client.ask(message);

        assertThat(refusal.get("error")).as("error of " + message).isEqualTo(why);
        assertThat(refusal).containsEntry("code", code);
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "[]",
                "7",
                "\"cmd\"",
                "null",
                "{\"cmd\":\"ping\"}{}",
                "{\"cmd\":NaN}",
                "{\"cmd\":\"step\",\"action\":Infinity}",
                "{\"cmd\":\"reset\",\"seed\":-Infinity}"
            })
    void whatIsNoSingleJsonObjectIsBadJson(String message) {
        begin("auction");
        State before = state();

        Map<String, Object> refusal = client.ask(message);

        assertThat(refusal).containsEntry("code", "bad_json");
        assertThat((String) refusal.get("error"))
                .startsWith("refused a message that is not one JSON object; ")
                .endsWith("; send one such as {\"cmd\":\"ping\"}");
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"step,action,0", "step,action,null", "step_all,actions,'{}'"})
    void aStepBeforeTheResetIsRefusedAndChangesNothing(String command, String field, String value) {
        client.ask("{\"cmd\":\"open\",\"env\":\"auction\",\"digest\":true}");
        State before = state();

        Map<String, Object> refusal = client.ask("{\"cmd\":\"" + command + "\",\"" + field + "\":" + value + "}");

        assertThat(refusal)
                .containsEntry("code", "not_reset")
                .containsEntry("error", "auction has not been reset; an episode begins with a reset; reset it first");
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"step,action,0", "step,action,null", "step_all,actions,'{}'"})
    void aStepAfterTheEndIsRefusedAndChangesNothing(String command, String field, String value) {
        begin("auction");
        while (!client.ask("{\"cmd\":\"agents\"}").get("agents").equals(List.of())) {
            boolean dead = Boolean.TRUE.equals(client.ask("{\"cmd\":\"last\"}").get("terminated"));
            client.ask("{\"cmd\":\"step\",\"action\":" + (dead ? "null" : "0") + "}");
        }
        State before = state();

        Map<String, Object> refusal = client.ask("{\"cmd\":\"" + command + "\",\"" + field + "\":" + value + "}");

        assertThat(refusal).containsEntry("code", "episode_over");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aMessageNestedTooDeeplyIsBadJson() {
        String deep = "{\"cmd\":\"step\",\"action\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(client.ask(deep)).containsEntry("code", "bad_json");
        assertThat(client.ask("{\"cmd\":\"ping\"}")).containsKey("pong");
    }

    @Test
    void aFieldGivenTwiceIsBadJson() {
        assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":1,\"seed\":2}")).containsEntry("code", "bad_json");
    }

    @Test
    void whateverByteOfAFrameIsWrongTheReplySaysSoAndNothingMoves() {
        begin("duel");
        State before = state();
        byte[] good = frame(2, 3, 32).array();
        for (int at = 0; at < 32; at++) {
            if (at >= 8 && at < 28) {
                continue; // request id, at and flags mean nothing wrong by themselves
            }
            byte[] bad = good.clone();
            bad[at] ^= 0x40;

            Object reply = client.ask(ByteBuffer.wrap(bad));

            assertThat(reply).asString().contains("refused a binary frame with").contains("\"code\":\"bad_field\"");
        }
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 47, 49, 200})
    void aFrameOfAnotherLengthIsRefused(int length) {
        begin("duel");
        State before = state();
        byte[] cut = java.util.Arrays.copyOf(frame(2, 0, 16).array(), length);

        assertThat(client.ask(ByteBuffer.wrap(cut)))
                .asString()
                .contains("refused a binary frame with")
                .contains("\"code\":\"bad_field\"");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aFramesBadActionIsRefusedBeforeAnyRowMoves() {
        begin("duel");
        State before = state();

        Object reply = client.ask(frame(2, 0, 16).putLong(32, 0).putLong(40, 7));

        assertThat(reply)
                .asString()
                .contains("\"id\":5")
                .contains("duel refused action 7 of dwarf; it is not in the action space Discrete[n=2, start=5]; "
                        + "send an integer from 5 to 6")
                .contains("\"code\":\"bad_action\"");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aFramesNumberThatIsNotTheNextIsBadStep() {
        begin("duel");
        State before = state();

        assertThat(client.ask(frame(2, 17, 16).putLong(32, 0).putLong(40, 5)))
                .asString()
                .contains("\"code\":\"bad_step\"")
                .contains("\"expected\":3");
        assertThat(state()).isEqualTo(before);
    }

    private static ByteBuffer frame(int operation, long at, int payload) {
        return ByteBuffer.allocate(32 + payload)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x31425448)
                .putShort(4, (short) 1)
                .putShort(6, (short) operation)
                .putLong(8, 5)
                .putLong(16, at)
                .putInt(28, payload);
    }
}
