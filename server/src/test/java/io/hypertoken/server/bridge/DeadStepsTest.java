package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.array;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.session.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client of the first protocol, which knows no dead step, comes to an end; one that makes dead steps sees
/// PettingZoo's
/// law.
class DeadStepsTest {
    private static final String NULL_STEP = "{\"cmd\":\"step\",\"action\":null}";
    private static final Catalogue GAMES = Catalogue.of(DeadStepsTest.class.getClassLoader());

    private final Bridge bridge =
            Bridge.start(new BridgeSettings(GAMES, Opening.of(GAMES.find("tic-tac-toe"), Map.of(), null, 60), 0));
    private final Client client = Client.connect(bridge.url());

    @AfterEach
    void stop() {
        client.close();
        bridge.close();
    }

    private Object agents() {
        return client.ask("{\"cmd\":\"agents\"}").get("agents");
    }

    private Map<String, Object> last() {
        return client.ask("{\"cmd\":\"last\"}");
    }

    private void playOn(String agent) {
        var mask = array(client.ask("{\"cmd\":\"action_mask\",\"agent\":\"" + agent + "\"}")
                .get("mask"));
        client.ask("{\"cmd\":\"step\",\"action\":" + mask.indexOf(true) + "}");
    }

    /// Loops as the first protocol's clients do.
    ///
    /// @param nulls whether it makes dead steps
    /// @param asksAgain whether it asks for `agents` once more before it makes them
    /// @return whose end it was told, in order
    private List<Object> loop(boolean nulls, boolean asksAgain) {
        var ends = new ArrayList<>();
        for (int turns = 0; !agents().equals(List.of()); turns++) {
            assertThat(turns).as("turns of an episode").isLessThan(200);
            Object agent = client.ask("{\"cmd\":\"agent_selection\"}").get("agent");
            var seen = last();
            if (seen.get("terminated").equals(false) && seen.get("truncated").equals(false)) {
                playOn((String) agent);
                continue;
            }
            ends.add(agent);
            assertThat(client.ask("{\"cmd\":\"agent_selection\"}")).containsEntry("agent", agent);
            if (asksAgain) {
                agents();
            }
            if (nulls) {
                assertThat(client.ask(NULL_STEP)).containsEntry("ok", true);
            }
        }
        return ends;
    }

    @ParameterizedTest
    @CsvSource({
        "casino-blackjack, false, false",
        "casino-blackjack, true, false",
        "casino-blackjack, true, true",
        "tic-tac-toe, false, false",
        "tic-tac-toe, true, false",
        "tic-tac-toe, true, true"
    })
    void aLoopOverAgentsEndsWithEveryEndToldOnce(String game, boolean nulls, boolean asksAgain) {
        String options = game.equals("casino-blackjack") ? ",\"options\":{\"agents\":2}" : "";
        client.ask("{\"cmd\":\"open\",\"env\":\"" + game + "\"" + options + "}");
        var all = array(client.ask("{\"cmd\":\"possible_agents\"}").get("possible_agents"));
        for (int episode = 0; episode < 3; episode++) {
            client.ask("{\"cmd\":\"reset\",\"seed\":" + episode + "}");

            assertThat(loop(nulls, asksAgain)).containsExactlyInAnyOrderElementsOf(all);

            assertThat(agents()).isEqualTo(List.of());
            assertThat(last()).containsEntry("code", "episode_over");
        }
    }

    @Test
    void aDeadStepThatWasMadeForItsClientIsForgivenOnceAndIsNotCounted() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");
        while (last().get("terminated").equals(false)) {
            playOn((String) client.ask("{\"cmd\":\"agent_selection\"}").get("agent"));
        }
        Object at = at();

        agents();

        assertThat(at()).isEqualTo(at);
        Object next = client.ask("{\"cmd\":\"agent_selection\"}").get("agent");
        assertThat(client.ask(NULL_STEP)).containsEntry("ok", true);
        assertThat(client.ask("{\"cmd\":\"agent_selection\"}"))
                .as("nothing more has changed")
                .containsEntry("agent", next);
        client.ask(NULL_STEP);
        assertThat(agents()).as("the second one is the next agent's own").isEqualTo(List.of());
    }

    @Test
    void withoutAnEndThatWasToldAgentsChangesNothing() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");
        for (int k = 0; k < 7; k++) {
            playOn((String) client.ask("{\"cmd\":\"agent_selection\"}").get("agent"));
        }

        Object before = agents();

        assertThat(array(before)).hasSize(2);
        assertThat(agents()).isEqualTo(before);
    }

    private Object at() {
        Object session = client.ask("{\"cmd\":\"env_info\"}").get("session");
        return client.ask("{\"cmd\":\"open\",\"session\":\"" + session + "\"}").get("at");
    }
}
