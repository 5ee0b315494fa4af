package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Text that is odd, fields that look like integers, and what replies hold only when they are asked to.
class SmallThingsTest {
    @RegisterExtension
    private static final Served SERVED = Served.by(Big.SPEC);

    private final Client client = SERVED.connect();

    @Test
    void halfASurrogatePairIsEchoedAsItCame() {
        assertThat(client.ask("{\"cmd\":\"ping\",\"id\":\"a\\ud800\"}")).containsEntry("id", "a\uD800");
        assertThat(client.ask("{\"cmd\":\"ping\",\"id\":\"\\udc00\\ud83d\\ude00\\n\\\"\"}"))
                .containsEntry("id", "\uDC00\uD83D\uDE00\n\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cmd\":\"\\ud800\"}",
                "{\"cmd\":\"observe\",\"agent\":\"\\udfff\"}",
                "{\"cmd\":\"open\",\"env\":\"\\ud800\"}",
                "{\"cmd\":\"open\",\"session\":\"\\ud800\"}",
                "{\"cmd\":\"open\",\"env\":\"big\",\"options\":{\"\\ud800\":1}}",
                "{\"\\ud800\":1,\"\\ud800\":2}"
            })
    void halfASurrogatePairAnywhereIsRefusedInWords(String message) {
        assertThat((String) client.ask(message).get("error"))
                .containsAnyOf("\uFFFD", "Broken surrogate pair")
                .doesNotContain("defect");
        assertThat(client.ask("{\"cmd\":\"ping\"}")).containsKey("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "1e0", "2.5"})
    void integersAreJsonIntegers(String number) {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        assertThat(client.ask("{\"cmd\":\"step\",\"action\":0,\"at\":" + number + "}"))
                .containsEntry("code", "bad_field")
                .containsEntry(
                        "error",
                        "step refused at=" + Double.parseDouble(number) + "; at must be an integer from 0 to "
                                + "9007199254740991; send that, or leave it out where it is optional");
        assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":" + number + "}")).containsEntry("code", "bad_field");
    }

    @Test
    void aMessageOfAMegabyteIsNotEchoed() {
        String long1 = "x".repeat(1_000_000);

        for (String message : List.of(
                "{\"cmd\":\"" + long1 + "\"}",
                "{\"cmd\":\"open\",\"env\":\"big\",\"options\":{\"size\":\"" + long1 + "\"}}",
                "{\"cmd\":\"observe\",\"agent\":\"" + long1 + "\"}",
                "{\"cmd\":" + long1 + "}")) {
            assertThat((String) client.ask(message).get("error")).hasSizeLessThan(2100);
        }
    }

    @Test
    void aPictureIsSentOnlyWhereItIsAskedFor() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        assertThat(client.ask("{\"cmd\":\"render\"}"))
                .containsEntry("text", "big")
                .doesNotContainKey("frame");
        assertThat(client.ask("{\"cmd\":\"render\",\"mode\":\"text\"}")).doesNotContainKey("frame");
        var drawn = client.ask("{\"cmd\":\"render\",\"mode\":\"frame\"}");
        assertThat(object(drawn.get("frame"))).containsEntry("shape", List.of(2L, 2L, 3L));
        assertThat(drawn).doesNotContainKey("text");
    }

    @Test
    void whatIsOpenedTellsThatItsStepsHaveNoDeadline() {
        assertThat(client.ask("{\"cmd\":\"open\",\"env\":\"big\"}")).containsEntry("deadline_s", null);
    }

    @Test
    void aFrameBehindTheHandshakeInItsPacketIsAnswered() throws Exception {
        byte[] ping = RawWebSocket.frame(0x81, "{\"cmd\":\"ping\",\"id\":1}".getBytes(StandardCharsets.UTF_8));
        try (var socket = new Socket("127.0.0.1", SERVED.bridge().port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket, ping);

            assertThat(raw.text()).startsWith("{\"id\":1,\"pong\":");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1005, 1006, 1015})
    void aGoodbyeWithAStatusThatNobodyMaySendIsAnsweredWith1002(int status) throws Exception {
        try (var socket = new Socket("127.0.0.1", SERVED.bridge().port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket);

            raw.send(RawWebSocket.frame(0x88, new byte[] {(byte) (status >> 8), (byte) status}));

            assertThat(raw.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aGoodbyeThatIsNotUtf8IsAnsweredWith1007() throws Exception {
        try (var socket = new Socket("127.0.0.1", SERVED.bridge().port())) {
            RawWebSocket raw = RawWebSocket.upgrade(socket);

            raw.send(RawWebSocket.frame(0x88, new byte[] {3, (byte) 0xE8, (byte) 0xFF}));

            assertThat(raw.closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void theLogShowsNoWholeSessionIdAndNoToken() {
        String id = (String) client.ask("{\"cmd\":\"env_info\"}").get("session");
        String start = id.substring(0, 6);

        assertThat(shown("{\"cmd\":\"open\",\"session\":\"" + id + "\"}"))
                .isEqualTo("{\"cmd\":\"open\",\"session\":\"" + start + "…\"}");
        assertThat(shown("{\"error\":\"session \\\"" + id + "\\\" is gone\"}")).doesNotContain(id);
        assertThat(shown("{\"cmd\":\"hello\",\"token\" : \"s3cret-password\"}")).doesNotContain("password");
        assertThat(shown("x".repeat(5000))).hasSizeLessThan(500).endsWith("(5000 bytes)");
    }

    private static String shown(String message) {
        return MessageLog.shown(message.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void prefixedIdsOpenOnlyWhereThePatternsOrTheServerNameThem() {
        var none = GuestRules.of(List.of());
        var some = GuestRules.of(List.of("gym:Cart*-v?", "wasm:/games/a.wasm"));

        none.require("casino-blackjack", null);
        none.require("gym:LunarLander-v3", "gym:LunarLander-v3");
        some.require("gym:CartPole-v1", null);
        some.require("wasm:/games/a.wasm", null);
        for (String id : List.of("gym:my_module:Env", "gym:CartPole-v10", "wasm:/games/aXwasm", "Gym:CartPole-v1")) {
            assertThatThrownBy(() -> some.require(id, "gym:LunarLander-v3"))
                    .hasMessage("refused to open \"" + id + "\"; this server opens no such id for its clients; "
                            + "start it with --env or --allow-guest naming it");
        }
        assertThat(client.ask("{\"cmd\":\"open\",\"env\":\"gym:os:Env\"}"))
                .containsEntry("code", "unknown_environment");
    }
}
