package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.array;
import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The commands of the first protocol, one question and one answer each.
class ClassicCommandsTest {
    private static final List<String> BIDDERS = List.of("ann", "bob", "cid");

    @RegisterExtension
    private static final Served SERVED = Served.by(Auction.SPEC);

    private final Client client = SERVED.connect();

    private Object ask(String command, String field) {
        return client.ask("{\"cmd\":\"" + command + "\"}").get(field);
    }

    private Object askOf(String agent, String command, String field) {
        return client.ask("{\"cmd\":\"" + command + "\",\"agent\":\"" + agent + "\"}")
                .get(field);
    }

    @Test
    void beforeTheFirstResetSpacesAreKnownAndNobodyIsThere() {
        assertThat(ask("possible_agents", "possible_agents")).isEqualTo(BIDDERS);
        assertThat(ask("agents", "agents")).isEqualTo(List.of());
        assertThat(client.ask("{\"cmd\":\"agent_selection\"}")).containsEntry("agent", null);
        assertThat(ask("rewards", "rewards")).isEqualTo(Map.of());
        assertThat(ask("infos", "infos")).isEqualTo(Map.of());
        assertThat(askOf("ann", "action_mask", "mask")).isEqualTo(List.of(false, false, false));
        for (String command : new String[] {"step", "last", "render", "state", "step_all"}) {
            assertThat(client.ask("{\"cmd\":\"" + command + "\",\"action\":0,\"actions\":{}}"))
                    .containsEntry("code", "not_reset")
                    .containsEntry(
                            "error", "auction has not been reset; an episode begins with a reset; reset it first");
        }
        assertThat(askOf("ann", "observe", "code")).isEqualTo("not_reset");
    }

    @Test
    void aWholeEpisodeIsPlayedAsInPettingZooWithDeadSteps() {
        assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":1}")).isEqualTo(Map.of("ok", true, "at", 1L, "seed", 1L));
        String first = (String) ask("agent_selection", "agent");
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":0}")).isEqualTo(Map.of("ok", true, "at", 2L));
        assertThat(askOf(first, "observe", "observation"))
                .as("whoever has acted sees the new price")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .startsWith(1L, 3L);
        assertThat(ask("rewards", "rewards"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry(first, -0.25);

        String second = (String) ask("agent_selection", "agent");
        client.ask("{\"cmd\":\"step\",\"action\":1}");
        assertThat(ask("agent_selection", "agent"))
                .as("an agent that has ended steps first")
                .isEqualTo(second);
        assertThat(client.ask("{\"cmd\":\"last\"}"))
                .containsEntry("terminated", true)
                .containsEntry("reward", 0.0)
                .containsEntry("info", Map.of("left_at", 1L, "action_mask", List.of(0L, 0L, 0L)));
        client.ask("{\"cmd\":\"step\",\"action\":null}");
        assertThat(ask("agents", "agents"))
                .isEqualTo(BIDDERS.stream().filter(name -> !name.equals(second)).toList());

        client.ask("{\"cmd\":\"step\",\"action\":1}");
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":null}")).containsEntry("ok", true);
        assertThat(client.ask("{\"cmd\":\"last\"}"))
                .as("the last bidder gets its purse less the price, and paid to raise")
                .containsEntry("reward", 2.75);
        client.ask("{\"cmd\":\"step\",\"action\":null}");

        assertThat(ask("agents", "agents")).isEqualTo(List.of());
        assertThat(ask("rewards", "rewards"))
                .as("the rewards of agents that are gone can still be asked for")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry(first, 3.0)
                .containsEntry(second, 0.0);
        assertThat(ask("terminations", "terminations")).isEqualTo(Map.of("ann", true, "bob", true, "cid", true));
        assertThat(ask("truncations", "truncations")).isEqualTo(Map.of("ann", false, "bob", false, "cid", false));
        for (String command : new String[] {"step", "last", "step_all"}) {
            assertThat(client.ask("{\"cmd\":\"" + command + "\",\"action\":0,\"actions\":{}}"))
                    .containsEntry("code", "episode_over");
        }
    }

    @Test
    void aMaskTellsWhatIsAllowedAndNothingToWhoCannotAct() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1,\"options\":{\"opening\":4}}");
        String first = (String) ask("agent_selection", "agent");

        assertThat(askOf(first, "action_mask", "mask")).isEqualTo(List.of(false, true, true));
        String other =
                BIDDERS.stream().filter(name -> !name.equals(first)).findFirst().orElseThrow();
        assertThat(askOf(other, "action_mask", "mask")).isEqualTo(List.of(false, false, false));
    }

    @Test
    void envInfoTellsEverythingAboutTheEnvironment() {
        var info = client.ask("{\"cmd\":\"env_info\"}");

        assertThat(info)
                .containsEntry("env_type", "auction")
                .containsEntry("version", 2L)
                .containsEntry("env_options", Map.of("purse", 4L))
                .containsEntry("episode_options", Map.of("opening", 0L))
                .containsEntry("possible_agents", BIDDERS)
                .containsEntry("protocol", 1L)
                .containsEntry("server", "hypertoken/development")
                .containsEntry("max_steps", 50L)
                .containsEntry("turn_order", "sequential")
                .containsEntry("masked", true)
                .containsEntry("action_names", List.of("raise", "leave", "skip"))
                .containsEntry("render_modes", List.of("ansi"))
                .containsEntry("reward_kind", "float")
                .containsEntry("info_numbers", Map.of())
                .containsEntry("seed", null);
        assertThat(object(info.get("action_spaces")))
                .hasSize(3)
                .satisfies(spaces -> assertThat(spaces.get("bob"))
                        .isEqualTo(Map.of("type", "discrete", "n", 3L, "start", 0L, "shape", List.of())));
        assertThat(askOf("bob", "observation_space", "space"))
                .isEqualTo(Map.of(
                        "type",
                        "box",
                        "shape",
                        List.of(3L),
                        "low",
                        List.of(0L, 0L, 0L),
                        "high",
                        List.of(30L, 30L, 30L),
                        "dtype",
                        "float32"));
    }

    @Test
    void infiniteBoundsAreNullAndObservationsThatAreNoNumbersAreStrings() {
        client.ask("{\"cmd\":\"open\",\"env\":\"mixer\"}");
        assertThat(askOf("player_0", "observation_space", "space"))
                .asString()
                .contains("low=[[null, null], [null, null]]")
                .contains("lamps={type=tuple");
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        client.ask("{\"cmd\":\"step\",\"action\":{\"faders\":[0.5,3.5],\"knobs\":[2,[1,3],[0,1],-5]}}");

        var seen = object(askOf("player_0", "observe", "observation"));
        assertThat(array(seen.get("levels")))
                .satisfies(levels -> assertThat(array(levels.getFirst())).isEqualTo(List.of(0.5, "NaN")));
        assertThat(seen.get("lamps")).isEqualTo(List.of(List.of(1L, 1L, 1L), List.of(203L, 0L), -295L));
    }

    @Test
    void renderDrawsTextAndPingTellsTheTime() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        assertThat(client.ask("{\"cmd\":\"render\"}"))
                .isEqualTo(Map.of("ok", true, "text", "price 0\nleft  [false, false, false]"));
        assertThat(client.ask("{\"cmd\":\"render\",\"mode\":\"frame\"}")).isEqualTo(Map.of("ok", true));
        assertThat((Long) ask("ping", "pong")).isGreaterThan(1_700_000_000_000L);
    }

    @Test
    void helloTellsWhatTheServerHasAndAllows() {
        var hello = client.ask("{\"cmd\":\"hello\",\"protocol\":1,\"client\":\"a test\"}");

        assertThat(hello)
                .containsEntry("protocol", 1L)
                .containsEntry(
                        "environments",
                        Served.CATALOGUE.specs().stream().map(Spec::id).toList());
        assertThat(object(hello.get("limits"))).containsKeys("max_message", "max_sessions", "max_envs", "lease_s");
    }

    @Test
    void anIdIsEchoedWhateverTheReply() {
        assertThat(client.ask("{\"cmd\":\"ping\",\"id\":7}")).containsEntry("id", 7L);
        assertThat(client.ask("{\"cmd\":\"step\",\"id\":\"a\\\"\\u00e9\"}"))
                .containsEntry("id", "a\"é")
                .containsEntry("code", "not_reset");
        assertThat(client.ask("{\"cmd\":\"nope\",\"id\":9}")).containsEntry("id", 9L);
    }

    @Test
    void aMessageMayArriveInPieces() {
        assertThat(client.askInPieces("{\"cmd\":\"ping\",\"id\":\"é\"}"))
                .containsEntry("id", "é")
                .containsKey("pong");
    }

    @Test
    void closeEndsTheSessionAndTheNextCommandBeginsAnother() {
        Object session = ask("env_info", "session");
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        assertThat(client.ask("{\"cmd\":\"close\"}")).isEqualTo(Map.of("ok", true));

        assertThat(ask("env_info", "session")).isNotEqualTo(session);
        assertThat(ask("last", "code")).isEqualTo("not_reset");
    }

    @Test
    void aStateIsBroughtBackWithItsRewardsAndTurn() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");
        client.ask("{\"cmd\":\"step\",\"action\":0}");
        var last = client.ask("{\"cmd\":\"last\"}");
        Object snapshot = ask("state", "snapshot");
        client.ask("{\"cmd\":\"step\",\"action\":2}");

        assertThat(client.ask("{\"cmd\":\"restore\",\"snapshot\":\"" + snapshot + "\"}"))
                .isEqualTo(Map.of("ok", true));

        assertThat(client.ask("{\"cmd\":\"last\"}")).isEqualTo(last);
        assertThat(ask("state", "snapshot")).isEqualTo(snapshot);
    }
}
