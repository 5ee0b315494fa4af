package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.array;
import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Auction;
import io.hypertoken.server.session.Opening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The forms that tell a whole turn, or all agents, in one reply.
class TurnsTest {
    @RegisterExtension
    private static final Served SERVED = Served.by(Auction.SPEC);

    private final Client client = SERVED.connect();

    private Map<String, Object> act(long action) {
        return client.ask("{\"cmd\":\"step\",\"action\":" + action + ",\"reply\":\"turn\"}");
    }

    @Test
    void aResetTellsTheFirstAgentEverything() {
        var turn = client.ask("{\"cmd\":\"reset\",\"seed\":5,\"options\":{\"opening\":2},\"reply\":\"turn\"}");

        assertThat(turn)
                .containsEntry("ok", true)
                .containsEntry("at", 1L)
                .containsEntry("seed", 5L)
                .containsEntry("agents", List.of("ann", "bob", "cid"))
                .containsEntry("reward", 0.0)
                .containsEntry("terminated", false)
                .containsEntry("truncated", false)
                .containsEntry("info", Map.of("action_mask", List.of(1L, 1L, 1L)))
                .containsEntry("rewards", Map.of("ann", 0.0, "bob", 0.0, "cid", 0.0))
                .doesNotContainKey("final");
        assertThat(array(turn.get("observation"))).startsWith(2L, 3L);
    }

    @Test
    void aSeedIsToldWhenItWasDrawnAndNotWhenTheGeneratorDrawsOn() {
        Object drawn = client.ask("{\"cmd\":\"reset\"}").get("seed");

        assertThat((Long) drawn).isNotNegative();
        assertThat(client.ask("{\"cmd\":\"env_info\"}")).containsEntry("seed", drawn);
        assertThat(client.ask("{\"cmd\":\"reset\"}")).isEqualTo(Map.of("ok", true, "at", 2L));
    }

    @Test
    void agentsThatEndAreToldInFinalAndMakeNoDeadStepsOfTheirOwn() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1,\"reply\":\"turn\"}");
        var raised = act(0);
        String leaver = (String) raised.get("agent_selection");

        var left = act(1);

        assertThat(object(left.get("final"))).hasSize(1).containsKey(leaver);
        var last = object(object(left.get("final")).get(leaver));
        assertThat(last.get("terminated")).isEqualTo(true);
        assertThat(last.get("truncated")).isEqualTo(false);
        assertThat(last.get("reward")).isEqualTo(0.0);
        assertThat(last.get("info")).isEqualTo(Map.of("left_at", 1L, "action_mask", List.of(0L, 0L, 0L)));
        assertThat(array(left.get("agents"))).hasSize(2).doesNotContain(leaver);
        assertThat(left.get("agent_selection")).isNotEqualTo(leaver);
        assertThat(object(left.get("rewards")))
                .as("of everyone who was there before the step")
                .hasSize(3);
        assertThat(object(act(0).get("rewards"))).hasSize(2);
    }

    @Test
    void theEndOfAnEpisodeLeavesNobodyToAct() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1,\"reply\":\"turn\"}");
        act(1);

        var over = act(1);

        assertThat(over)
                .containsEntry("agents", List.of())
                .containsEntry("agent_selection", null)
                .containsEntry("observation", null)
                .containsEntry("reward", null)
                .containsEntry("info", Map.of());
        assertThat(object(over.get("final"))).hasSize(2);
        assertThat(act(1)).containsEntry("code", "episode_over");
    }

    @Test
    void rewardsAddUpUntilTheirAgentActsAgain() {
        client.ask("{\"cmd\":\"open\",\"env\":\"duel\"}");
        client.ask("{\"cmd\":\"reset\",\"seed\":1,\"reply\":\"turn\"}");

        var half = act(2);
        assertThat(half)
                .containsEntry("agent_selection", "dwarf")
                .containsEntry("rewards", Map.of("giant", 0L, "dwarf", 0L))
                .containsEntry("at", 2L);
        var whole = act(5);
        assertThat(whole)
                .containsEntry("agent_selection", "giant")
                .containsEntry("rewards", Map.of("giant", 2L, "dwarf", -2L))
                .containsEntry("reward", 2L);
        assertThat(act(0)).containsEntry("reward", -2L);
    }

    @Test
    void aRoundOfAllAgentsIsOneMessage() {
        client.ask("{\"cmd\":\"open\",\"env\":\"duel\"}");
        var begun = client.ask("{\"cmd\":\"reset\",\"seed\":1,\"reply\":\"parallel\"}");
        assertThat(begun).containsKeys("observations", "infos", "agents").doesNotContainKey("rewards");

        var round = client.ask("{\"cmd\":\"step_all\",\"actions\":{\"giant\":2,\"dwarf\":6}}");

        assertThat(round)
                .containsEntry("at", 2L)
                .containsEntry("rewards", Map.of("giant", 1L, "dwarf", -1L))
                .containsEntry("terminations", Map.of("giant", false, "dwarf", false))
                .containsEntry("agents", List.of("giant", "dwarf"))
                .containsEntry("agent_selection", null);
        assertThat(object(round.get("observations"))).hasSize(2);
        assertThat(object(round.get("infos")))
                .satisfies(infos -> assertThat(infos.get("dwarf")).isEqualTo(Map.of("action_mask", List.of(1L, 1L))));
    }

    @Test
    void inAGameOfTurnsOnlyTheActingAgentsActionCounts() {
        Object first = client.ask("{\"cmd\":\"reset\",\"seed\":1,\"reply\":\"parallel\"}")
                .get("agent_selection");

        var round = client.ask("{\"cmd\":\"step_all\",\"actions\":{\"ann\":0,\"bob\":0,\"cid\":0}}");

        assertThat(round.get("agent_selection")).isNotEqualTo(first);
        assertThat(object(round.get("rewards")).get(first)).isEqualTo(-0.25);
        assertThat(object(round.get("observations")))
                .allSatisfy((agent, seen) ->
                        assertThat(array(seen)).as("everybody sees the price").startsWith(1L));
    }

    @Test
    void anIllegalActionIsToldToItsAgentWhenItActsNext() {
        client.ask("{\"cmd\":\"open\",\"env\":\"corridor\"}");
        client.ask("{\"cmd\":\"reset\",\"options\":{\"start\":0},\"reply\":\"turn\"}");

        assertThat(act(0).get("info"))
                .isEqualTo(Map.of("illegal_action", 0L, "played", 1L, "action_mask", List.of(1L, 1L)));
        assertThat(act(1).get("info")).isEqualTo(Map.of("action_mask", List.of(1L, 1L)));
    }

    @Test
    void theServersSeedServesFirstResetsThatBringNone() {
        var settings = Served.settings(Corridor.SPEC);
        Opening seeded = Opening.of(Corridor.SPEC, Map.of(), 42L, 60);
        try (var server = Bridge.start(new BridgeSettings(settings.catalogue(), seeded, 0));
                var one = Client.connect(server.url());
                var other = Client.connect(server.url())) {
            assertThat(one.ask("{\"cmd\":\"reset\"}")).containsEntry("seed", 42L);
            assertThat(other.ask("{\"cmd\":\"reset\"}")).containsEntry("seed", 42L);
            assertThat(one.ask("{\"cmd\":\"reset\"}")).doesNotContainKey("seed");
        }
    }
}
