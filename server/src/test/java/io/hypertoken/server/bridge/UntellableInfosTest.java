package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.json.JsonMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An info that no JSON can hold is told as well as it can be: the row has moved, and moves once.
class UntellableInfosTest {
    @RegisterExtension
    private static final Served SERVED = Served.by(Teller.SPEC);

    private final Client client = SERVED.connect();

    @ParameterizedTest
    @CsvSource({
        "0, cyclic, it contains itself",
        "1, deep, it is nested more than 16 deep",
        "2, speechless, java.lang.UnsupportedOperationException: no words",
        "5, huge, it is too long",
        "6, endless, it is too long"
    })
    void whatCannotBeWrittenIsReplacedByWhyAndTheStepIsPlayedOnce(int action, String name, String why) {
        client.ask("{\"cmd\":\"reset\",\"seed\":1,\"at\":1}");
        String step = "{\"cmd\":\"step\",\"action\":" + action + ",\"at\":2,\"reply\":\"turn\"}";

        var reply = client.ask(step);

        assertThat(reply).containsEntry("ok", true).containsEntry("at", 2L).containsEntry("observation", 1L);
        assertThat(object(reply.get("info"))).containsEntry("told", "<not writable: " + why + ">");
        assertThat(client.ask(step)).as("the same request again").isEqualTo(reply);
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":8,\"at\":3,\"reply\":\"turn\"}"))
                .containsEntry("observation", 2L);
    }

    @ParameterizedTest
    @CsvSource({"3, '{\"null\":1,\"7\":2}'", "7, '{\"half \uFFFD\":\"\uFFFD too\"}'"})
    void whatCanBeMendedIsTold(int action, String told) {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        var reply = client.ask("{\"cmd\":\"step\",\"action\":" + action + ",\"reply\":\"turn\"}");

        assertThat(object(reply.get("info")))
                .containsEntry("told", JsonMessage.read(told.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void numbersThatJsonDoesNotKnowAreTexts() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        var reply = client.ask("{\"cmd\":\"step\",\"action\":4,\"reply\":\"turn\"}");

        assertThat(Json.array(object(reply.get("info")).get("told")))
                .containsExactly("NaN", "Infinity", "9".repeat(400));
    }

    @Test
    void inABatchItIsTheSame() {
        client.ask("{\"cmd\":\"open\",\"env\":\"teller\",\"num_envs\":2}");
        client.ask(request(1, 1, 72));
        ByteBuffer step = request(2, 2, 16).putLong(32, 0).putLong(40, 5);

        ByteBuffer reply = (ByteBuffer) client.ask(step);

        int columns = reply.order(ByteOrder.LITTLE_ENDIAN).getInt(28);
        byte[] infos = new byte[reply.capacity() - 32 - columns];
        reply.get(32 + columns, infos);
        assertThat(JsonMessage.read(infos))
                .isEqualTo(Map.of(
                        "0", Map.of("player_0", Map.of("told", "<not writable: it contains itself>")),
                        "1", Map.of("player_0", Map.of("told", "<not writable: it is too long>"))));
        assertThat(client.ask(step)).as("the same request again").isEqualTo(reply);
    }

    private static ByteBuffer request(int operation, long at, int payload) {
        ByteBuffer frame = ByteBuffer.allocate(32 + payload)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x31425448)
                .putShort(4, (short) 1)
                .putShort(6, (short) operation)
                .putLong(16, at)
                .putInt(28, payload);
        if (operation == 1) {
            frame.putShort(32 + 64, (short) 0x0101);
        }
        return frame;
    }
}
