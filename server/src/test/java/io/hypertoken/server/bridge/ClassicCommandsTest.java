package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassicCommandsTest {
    private static Bridge bridge;

    @BeforeAll
    static void start() {
        var catalogue = new Catalogue(List.of(Corridor.SPEC));
        bridge = Bridge.start(new BridgeSettings(catalogue, Opening.of(Corridor.SPEC, Map.of(), null, 60), 0));
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void anEpisodeIsPlayedByResetStepAndLast() {
        try (var client = Client.connect(bridge.url())) {
            assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":3,\"options\":{\"start\":6}}"))
                    .isEqualTo(Map.of("ok", true, "at", 1L, "seed", 3L));
            assertThat(client.ask("{\"cmd\":\"observe\",\"agent\":\"player_0\"}"))
                    .isEqualTo(Map.of("observation", 6L));
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":1}")).isEqualTo(Map.of("ok", true, "at", 2L));
            assertThat(client.ask("{\"cmd\":\"last\"}"))
                    .containsEntry("observation", 7L)
                    .containsEntry("reward", -1L)
                    .containsEntry("terminated", true)
                    .containsEntry("truncated", false);
        }
    }

    @Test
    void aTurnIsOneMessage() {
        try (var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"reset\",\"seed\":3,\"options\":{\"start\":5},\"reply\":\"turn\"}");

            var reply = client.ask("{\"cmd\":\"step\",\"action\":1,\"reply\":\"turn\",\"id\":\"a\\\"b\"}");

            assertThat(reply)
                    .containsEntry("id", "a\"b")
                    .containsEntry("agent_selection", "player_0")
                    .containsEntry("observation", 6L)
                    .containsEntry("info", Map.of("action_mask", List.of(1L, 1L)))
                    .containsEntry("rewards", Map.of("player_0", -1L));
        }
    }
}
