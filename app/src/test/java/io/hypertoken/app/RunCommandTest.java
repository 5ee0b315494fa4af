package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.json.NumberJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class RunCommandTest extends CommandTest {
    @Test
    void aGameIsPlayedBySeedsThatAreTold() {
        assertThat(run("run", "tic-tac-toe", "--speed", "0", "--episodes", "2", "--seed", "5", "--events-port", "0"))
                .isZero();
        String first = out();
        assertThat(first.lines())
                .hasSize(3)
                .first()
                .isEqualTo("tic-tac-toe: player_1 random, player_2 random; seed 5, as fast as it can");
        assertThat(first.lines().skip(1)).allMatch(line -> line.matches("episode [12], seed [56], [5-9] steps: .*"));

        assertThat(run("run", "tic-tac-toe", "--speed", "0", "--episodes", "1", "--seed", "6", "--events-port", "0"))
                .isZero();

        assertThat(out().lines().skip(1).findFirst().orElseThrow().substring("episode 1".length()))
                .isEqualTo(first.lines().skip(2).findFirst().orElseThrow().substring("episode 2".length()));
    }

    @Test
    void aPolicyThatNobodyDeclaresIsRefusedBeforeAnythingStarts() {
        assertThat(run("run", "exchange", "--policy", "spread-cacher", "--episodes", "1"))
                .isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(err()).contains("refused policy spread-cacher", "did you mean spread-catcher");
    }

    @Test
    void aFlipperTellsItsTradesAndIsSteeredByClientsOfItsHub() throws Exception {
        var flipper =
                new Thread(() -> run("flipper", "--port", "0", "--speed", "40", "--seed", "3", "--demo-seconds", "8"));
        flipper.start();
        String url = awaited("HyperToken events at (\\S+)/");
        awaited("trade_executed");
        try (HubConversation client = HubConversation.open(HubAddress.of(url))) {
            assertThat(asked(client, "list_agents", Map.of()).toString())
                    .contains("agent_0", "agent_3", "owner=grand-exchange", "controls=[pause, speed]");
            assertThat(asked(client, "pause_agent", Map.of("agent_id", "agent_0")))
                    .isEqualTo(Map.of("agent_id", "agent_0", "paused", true));
            assertThat(asked(client, "resume_agent", Map.of("agent_id", "agent_0")))
                    .isEqualTo(Map.of("agent_id", "agent_0", "paused", false));
            assertThat(asked(client, "set_speed", Map.of("agent_id", "agent_0", "speed", 0)))
                    .isEqualTo(Map.of("agent_id", "agent_0", "speed", 0.0));
        }
        awaited("episode 1, seed 3, 288 steps: agent_0 \\S+, agent_1 \\S+, agent_2 \\S+, agent_3");
        flipper.join();
    }

    private static @Nullable Object asked(HubConversation client, String name, Map<String, ?> params)
            throws InterruptedException {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("action", "command");
        message.put("command", name);
        message.put("params", params);
        client.send(new String(NumberJson.bytes(message), StandardCharsets.UTF_8));
        Map<String, @Nullable Object> reply = client.reply();
        assertThat(reply).isNotNull().containsEntry("status", "command_result");
        return reply.get("result");
    }

    private String awaited(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            var found = wanted.matcher(out());
            if (found.find()) {
                return found.groupCount() > 0 ? found.group(1) : found.group();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no " + pattern + " in " + out() + err());
    }
}
