package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Auction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A policy of the environment says what it would play.
class ChooseTest {
    @RegisterExtension
    private static final Served SERVED = Served.by(Auction.SPEC);

    private final Client client = SERVED.connect();

    private Object choose(String policy) {
        return client.ask("{\"cmd\":\"choose\",\"policy\":\"" + policy + "\"}").get("action");
    }

    @Test
    void anEnvironmentSaysWhoCanPlayIt() {
        assertThat(client.ask("{\"cmd\":\"env_info\"}")).containsEntry("policies", List.of("leaver", "random"));
    }

    @Test
    void aPolicyChoosesForWhoseTurnItIsAndNothingMoves() {
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");
        Object turn = client.ask("{\"cmd\":\"agent_selection\"}").get("agent");

        assertThat(choose("leaver")).isEqualTo(1L);
        assertThat(choose("leaver")).isEqualTo(1L);
        assertThat(client.ask("{\"cmd\":\"agent_selection\"}")).containsEntry("agent", turn);
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":0,\"at\":2}"))
                .as("the step after the reset, with another action than was chosen")
                .containsEntry("at", 2L);
    }

    @Test
    void theRandomPolicyChoosesWhatTheMaskAllowsAndTheSameAfterTheSameSeed() {
        client.ask("{\"cmd\":\"reset\",\"seed\":7}");
        Object first = choose("random");

        assertThat((Long) first).isBetween(0L, 2L);
        Client other = SERVED.connect();
        other.ask("{\"cmd\":\"reset\",\"seed\":7}");
        assertThat(other.ask("{\"cmd\":\"choose\",\"policy\":\"random\"}")).containsEntry("action", first);
    }

    @Test
    void whatCannotBeChosenIsRefused() {
        assertThat(client.ask("{\"cmd\":\"choose\",\"policy\":\"leaver\"}")).containsEntry("code", "not_reset");
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");

        assertThat(client.ask("{\"cmd\":\"choose\"}")).containsEntry("code", "missing_field");
        assertThat(client.ask("{\"cmd\":\"choose\",\"policy\":\"leave\"}"))
                .containsEntry("code", "bad_field")
                .containsEntry("error", "auction refused policy leave; it does not declare it; did you mean leaver?");
        assertThat(client.ask("{\"cmd\":\"choose\",\"policy\":\"policy:/tmp\"}"))
                .as("a file of the server's machine")
                .containsEntry("code", "bad_field");
    }
}
