package io.hypertoken.server.events.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.json.JsonMessage;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is written is what jackson reads.
class JsonBytesTest {
    @Test
    void everyCharacterComesBack() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 97) {
            String text = "<" + Character.toString(point) + ">";
            boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;

            assertThat(written(text)).isEqualTo(half ? "<\ufffd>" : text);
        }
        assertThat(written("\ud83d")).isEqualTo("\ufffd");
        assertThat(written("\ude00\ud83d\ude00\ud83d")).isEqualTo("\ufffd\ud83d\ude00\ufffd");
    }

    @Test
    void everyIntegerComesBack() {
        var random = new SplittableRandom(3);
        for (int k = 0; k < 2_000; k++) {
            long number = random.nextLong() >> random.nextInt(64);
            assertThat(number(number)).isEqualTo(Long.toString(number));
        }
        for (long number : new long[] {0, 9, 10, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(number(number)).isEqualTo(Long.toString(number));
        }
    }

    @Test
    void thereIsNeverMoreThanTheBound() {
        for (int length = 0; length < 3_000; length += 7) {
            var bytes = new JsonBytes(1_000);
            String text = "ö".repeat(length);
            if (2 * length + 2 <= 1_000) {
                bytes.text(text);
                assertThat(bytes.toBytes()).hasSize(2 * length + 2);
            } else {
                assertThatThrownBy(() -> {
                            bytes.text(text);
                            bytes.toBytes();
                        })
                        .isInstanceOf(JsonBytes.Beyond.class);
            }
        }
    }

    private static Object written(String text) {
        var bytes = new JsonBytes(1_000);
        bytes.sign('{');
        bytes.text("a");
        bytes.sign(':');
        bytes.text(text);
        bytes.sign('}');
        return JsonMessage.read(bytes.toBytes()).get("a");
    }

    private static String number(long number) {
        var bytes = new JsonBytes(100);
        bytes.number(number);
        return new String(bytes.toBytes(), UTF_8);
    }
}
