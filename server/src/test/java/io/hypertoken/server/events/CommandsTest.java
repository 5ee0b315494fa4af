package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.event.Event;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What clients command, and who answers.
class CommandsTest {
    private final Served served = Served.start(Served.QUICK.answerMillis(400));

    @AfterEach
    void stop() {
        served.close();
    }

    private static String command(String name, String params) {
        return "{\"action\":\"command\",\"command\":\"" + name + "\",\"params\":" + params + ",\"id\":1}";
    }

    private Listener owner() {
        return served.registered("{\"action\":\"register\",\"client_id\":\"owner\",\"subscriptions\":[\"none\"],"
                + "\"agents\":[\"agent_0\",{\"id\":\"agent_1\",\"controls\":[]}],\"controls\":[\"pause\",\"speed\"],"
                + "\"handles\":[\"my_command\"],\"id\":1}");
    }

    private Listener asker() {
        return served.registered(
                "{\"action\":\"register\",\"client_id\":\"asker\",\"subscriptions\":[\"none\"],\"id\":1}");
    }

    @Test
    void theStatusTellsHowTheHubIs() {
        Listener client = asker();
        served.postJson("[" + Served.event("a", 1) + "," + Served.event("a", 2) + "," + Served.event("b", 3) + "]");

        Map<String, @Nullable Object> reply = client.ask(command("get_status", "{}"));

        assertThat(reply).containsEntry("command", "get_status").containsEntry("seq", 3L);
        Map<?, ?> status = (Map<?, ?>) reply.get("result");
        assertThat(status.get("clients")).isEqualTo(1L);
        assertThat(status.get("events")).isEqualTo(3L);
        assertThat(status.get("events_by_type")).isEqualTo(Map.of("a", 2L, "b", 1L));
        assertThat((Map<?, ?>) status.get("log")).extracting("last_seq").isEqualTo(3L);
        assertThat((Map<?, ?>) status.get("dropped")).extracting("slow_clients").isEqualTo(0L);
    }

    @Test
    void recentEventsComeOldestFirst() {
        Listener client = asker();
        served.postJson("[" + Served.event("a", 1) + "," + Served.event("a", 2) + "," + Served.event("b", 3) + "]");

        assertThat(Served.each(
                        client.ask(command("get_recent_events", "{\"count\":1,\"type\":\"a\"}"))
                                .get("result"),
                        "seq"))
                .containsExactly(2L);
        assertThat(Served.each(client.ask(command("get_recent_events", "{}")).get("result"), "seq"))
                .containsExactly(1L, 2L, 3L);
        assertThat(client.ask(command("get_recent_events", "{\"count\":0}"))).containsEntry("code", "bad_field");
    }

    @Test
    void clientsAndAgentsAreListed() {
        owner();
        Listener client = asker();
        served.postJson("{\"type\":\"agent_decision\",\"data\":{\"agent_id\":\"stray\",\"action_type\":\"hold\"}}");

        assertThat(Served.each(client.ask(command("list_clients", "{}")).get("result"), "client_id"))
                .containsExactly("owner", "asker");
        assertThat(Served.each(client.ask(command("list_agents", "{}")).get("result"), "agent_id"))
                .containsExactly("agent_0", "agent_1", "stray");
    }

    @Test
    void onlyTheOwnersAnswerIsAControlsResult() {
        Listener owner = owner();
        Listener client = asker();

        client.send(command("set_speed", "{\"agent_id\":\"agent_0\",\"speed\":2.5}"));
        Map<String, @Nullable Object> control = owner.next();
        assertThat(control)
                .containsEntry("type", "control")
                .containsEntry("command", "set_speed")
                .containsEntry("agent_id", "agent_0")
                .containsEntry("params", Map.of("agent_id", "agent_0", "speed", 2.5))
                .containsEntry("from", "asker")
                .containsKey("timestamp");
        String answer = "{\"action\":\"answer\",\"request\":" + control.get("request") + ",\"result\":{\"speed\":2}}";
        assertThat(client.ask(answer)).containsEntry("status", "error"); // whom nobody has asked
        owner.send(answer);

        assertThat(client.next())
                .containsEntry("status", "command_result")
                .containsEntry("command", "set_speed")
                .containsEntry("result", Map.of("speed", 2L))
                .containsEntry("id", 1L);
        assertThat(owner.ask(answer)).as("an answer counts once").containsEntry("status", "error");
    }

    @Test
    void anOwnerWhoRefusesIsSlowOrGoesIsAnError() {
        Listener owner = owner();
        Listener client = asker();

        client.send(command("pause_agent", "{\"agent_id\":\"agent_0\"}"));
        owner.send("{\"action\":\"answer\",\"request\":" + owner.next().get("request") + ",\"error\":\"not now\"}");
        assertThat(client.next())
                .containsEntry("code", "unavailable")
                .extracting("message")
                .asString()
                .contains("not now");

        client.send(command("pause_agent", "{\"agent_id\":\"agent_0\"}"));
        assertThat(client.ask(command("get_status", "{}"))) // it may go on meanwhile
                .containsEntry("status", "command_result");
        assertThat(client.next())
                .containsEntry("code", "unavailable")
                .extracting("message")
                .asString()
                .contains("has not answered for 0.4 seconds");

        client.send(command("pause_agent", "{\"agent_id\":\"agent_0\"}"));
        owner.next();
        owner.next();
        owner.close();
        assertThat(client.next())
                .containsEntry("code", "unavailable")
                .extracting("message")
                .asString()
                .contains("has disconnected");
        assertThat(client.ask(command("pause_agent", "{\"agent_id\":\"agent_0\"}")))
                .containsEntry("code", "unknown_agent");
    }

    @Test
    void whatAnOwnerDidNotRegisterCannotBeAsked() {
        owner();
        Listener client = asker();

        assertThat(client.ask(command("pause_agent", "{\"agent_id\":\"agent_1\"}")))
                .containsEntry("code", "bad_field");
        assertThat(client.ask(command("pause_agent", "{\"agent_id\":\"agent_2\"}")))
                .containsEntry("code", "unknown_agent");
        assertThat(client.ask(command("pause_agent", "{}"))).containsEntry("code", "missing_field");
        assertThat(client.ask(command("set_speed", "{\"agent_id\":\"agent_0\",\"speed\":-1}")))
                .containsEntry("code", "bad_field");
    }

    @Test
    void aClientHandlesACommandOfItsOwn() {
        Listener owner = owner();
        Listener client = asker();

        client.send(command("my_command", "{\"x\":1}"));
        Map<String, @Nullable Object> asked = owner.next();
        assertThat(asked).containsEntry("command", "my_command").containsEntry("params", Map.of("x", 1L));
        owner.send("{\"action\":\"answer\",\"request\":" + asked.get("request") + ",\"result\":[true,null]}");

        assertThat((List<?>) client.next().get("result")).hasSize(2);
        assertThat(client.ask("{\"action\":\"register\",\"handles\":[\"get_status\"],\"id\":1}"))
                .containsEntry("code", "bad_field");
    }

    /// A jar's command.
    public static final class Shout implements HubCommand {
        @Override
        public String name() {
            return "shout";
        }

        @Override
        public @Nullable Object run(Map<String, @Nullable Object> params, View hub) {
            if (params.containsKey("slow")) {
                LockSupport.parkNanos(2_000_000_000);
            }
            if (params.isEmpty()) {
                throw new IllegalArgumentException("nothing to shout");
            }
            hub.publish(new Event("shouted", Map.of("text", String.valueOf(params.get("text")))));
            return Map.of("heard", true);
        }
    }

    @Test
    void aJarsCommandRunsOnAThreadOfItsOwn() {
        Listener client = served.registered("{\"action\":\"register\",\"subscriptions\":[\"shouted\"],\"id\":1}");

        client.send(command("shout", "{\"slow\":1}"));
        assertThat(client.ask(command("shout", "{}"))).containsEntry("code", "unavailable");
        Map<String, @Nullable Object> reply = client.askAmongEvents(command("shout", "{\"text\":\"ho\"}"));
        assertThat(reply).containsEntry("result", Map.of("heard", true));
        assertThat(client.askAmongEvents(command("list_commands", "{}")).get("result"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("shout", "get_status", "set_alert");
    }

    @Test
    void alertRulesAreSetByCommandAndFireAsEvents() {
        Listener client = served.registered("{\"action\":\"register\",\"subscriptions\":[\"alert\"],\"id\":1}");
        String rule = "{\"name\":\"dear coal\",\"type\":\"price_update\",\"item\":\"Coal\",\"field\":\"price\","
                + "\"op\":\">\",\"value\":150}";

        Map<String, @Nullable Object> set = client.ask(command("set_alert", rule));
        assertThat(set).as(String.valueOf(set)).containsEntry("status", "command_result");
        served.postJson("[" + Served.price("Coal", 140) + "," + Served.price("Coal", 160) + "]");

        assertThat(client.nextData()).extracting("rule").isEqualTo("dear coal");
        assertThat((List<?>) client.ask(command("list_alerts", "{}")).get("result"))
                .hasSize(1);
        assertThat(client.ask(command("remove_alert", "{\"name\":\"dear coal\"}")))
                .containsEntry("result", "dear coal");
        assertThat(client.ask(command("remove_alert", "{\"name\":\"dear coal\"}")))
                .containsEntry("code", "bad_field");
    }
}
