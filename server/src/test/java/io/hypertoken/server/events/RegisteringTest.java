package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.bridge.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who is sent what, and when: greetings, replies, and the events behind them.
class RegisteringTest {
    private static final String REGISTER =
            "{\"action\":\"register\",\"client_id\":\"test\",\"client_type\":\"dashboard\",\"subscriptions\":[]}";
    private static final String STATUS = "{\"action\":\"command\",\"command\":\"get_status\",\"params\":{}}";

    private Served served = Served.start();

    @AfterEach
    void stop() {
        served.close();
    }

    private void publish(String event) {
        assertThat(served.postJson(event)).containsEntry("status", "success");
    }

    @Test
    void aClientIsGreetedAndToldThatItIsRegistered() {
        Listener client = served.connect();

        Map<String, @Nullable Object> greeting = client.next();
        assertThat(greeting).containsEntry("type", "system_status").containsKey("timestamp");
        assertThat((Map<?, ?>) greeting.get("data")).extracting("status").isEqualTo("connected");
        assertThat(client.ask("{\"action\":\"register\",\"client_id\":\"me\",\"subscriptions\":[\"trade_executed\"],"
                        + "\"id\":7}"))
                .containsEntry("type", "reply")
                .containsEntry("status", "registered")
                .containsEntry("client_id", "me")
                .containsEntry("subscriptions", List.of("trade_executed"))
                .containsEntry("id", 7L)
                .containsEntry("seq", 0L)
                .containsEntry("epoch", served.hub.epoch())
                .containsKey("timestamp");
    }

    @Test
    void theSlashIsAsGoodAsWsAndAnythingElseIsRefused() {
        assertThat(served.connectTo("/").next()).containsEntry("type", "system_status");
        assertThat(served.get("/elsewhere").statusCode()).isEqualTo(404);
    }

    /// As the original's own test client does, which takes whatever comes next for its answer.
    @Test
    void aClientThatRegistersTwiceAndReadsInTurnsGetsItsStatusWhileEventsFlow() throws Exception {
        served.close();
        served = Served.start(HubSettings.DEFAULT);
        var stop = new AtomicBoolean();
        Producer producer = served.hub.producer("load");
        Listener other = served.registered(REGISTER.replace("test", "other"));
        Thread load = Thread.ofPlatform().start(() -> {
            for (long n = 0; !stop.get(); n++) {
                producer.publish(Events.numbered("flow", n));
                LockSupport.parkNanos(1_000_000);
            }
        });
        for (int k = 0; k < 5; k++) {
            Listener client = served.connect();

            client.send(REGISTER);
            assertThat(client.next()).containsEntry("type", "system_status");
            client.send(REGISTER);
            assertThat(client.next()).containsEntry("status", "registered");
            client.send(STATUS);
            assertThat(client.next()).containsEntry("status", "command_result").containsEntry("command", "get_status");
            long first = (Long) client.next().get("seq");
            for (int more = 1; more < 50; more++) { // and after that it hears everything
                assertThat(client.next()).containsEntry("seq", first + more);
            }
        }
        stop.set(true);
        load.join();
        assertThat(other.waiting()).isPositive();
    }

    @Test
    void anIdenticalRepeatWithoutIdIsSilentAndOneWithAnIdIsAnswered() {
        Listener client = served.registered(REGISTER);

        client.send(REGISTER);
        assertThat(client.ask(STATUS)).containsEntry("status", "command_result");
        assertThat(client.ask(REGISTER.replace("}", ",\"id\":1}")))
                .containsEntry("status", "registered")
                .containsEntry("id", 1L);
        assertThat(client.ask(REGISTER.replace("test", "somebody"))).containsEntry("client_id", "somebody");
    }

    @Test
    void beforeItRegistersAClientHearsNothingButReplies() {
        Listener client = served.connect();
        client.next();
        assertThat(client.ask(STATUS)).containsEntry("status", "command_result");

        publish(Served.event("a", 1));

        assertThat(client.hears(400)).isFalse();
        assertThat(client.ask(REGISTER)).containsEntry("status", "registered").containsEntry("seq", 1L);
        publish(Served.event("b", 2));
        assertThat(client.next()).containsEntry("type", "b").containsEntry("seq", 2L);
    }

    @Test
    void aClientThatHasSaidNothingForAWhileIsSentEverything() {
        Listener client = served.connect();
        client.next();
        Await.until("it is sent events", served.hub::listening);

        publish(Served.event("a", 1));

        assertThat(client.next()).containsEntry("type", "a");
    }

    @Test
    void aSubscriptionHoldsFromItsReplyOn() {
        Listener client = served.registered(REGISTER);
        publish(Served.event("a", 1));
        assertThat(client.next()).containsEntry("type", "a");

        assertThat(client.ask("{\"action\":\"subscribe\",\"subscriptions\":[\"b\"],\"id\":\"x\"}"))
                .containsEntry("status", "subscribed")
                .containsEntry("subscriptions", List.of("b"))
                .containsEntry("id", "x")
                .containsEntry("seq", 1L);
        publish(Served.event("a", 2));
        publish(Served.event("b", 3));

        assertThat(client.next()).containsEntry("type", "b").containsEntry("seq", 3L);
    }

    @Test
    void filtersNameTypesAgentsAndItemsByNameOrNumber() {
        Listener client = served.registered("{\"action\":\"register\",\"subscriptions\":{\"types\":[\"price_update\","
                + "\"trade_executed\"],\"items\":[\"Coal\",4151]},\"id\":1}");
        Listener agents =
                served.registered("{\"action\":\"register\",\"subscriptions\":{\"agents\":[\"agent_0\"]},\"id\":1}");

        publish(Served.price("Potato", 1));
        publish(Served.price("Coal", 2));
        publish("{\"type\":\"price_update\",\"data\":{\"item\":\"Abyssal whip\",\"item_id\":4151,\"price\":3}}");
        publish("{\"type\":\"mine\",\"data\":{\"item\":\"Coal\"}}");
        publish("{\"type\":\"agent_decision\",\"data\":{\"agent_id\":\"agent_0\",\"action_type\":\"hold\"}}");

        assertThat(client.next()).containsEntry("seq", 2L);
        assertThat(client.next()).containsEntry("seq", 3L);
        assertThat(client.hears(50)).isFalse();
        assertThat(agents.next()).containsEntry("seq", 5L);
    }

    @Test
    void whatIsMistypedIsToldWithTheNearestName() {
        Listener client = served.connect();
        client.next();

        assertThat(client.ask("{\"action\":\"regster\",\"id\":3}"))
                .containsEntry("status", "error")
                .containsEntry("code", "unknown_command")
                .containsEntry("id", 3L)
                .extracting("message")
                .asString()
                .endsWith("did you mean register?");
        assertThat(client.ask("{\"action\":\"command\",\"command\":\"get_statsu\"}"))
                .containsEntry("code", "unknown_command")
                .extracting("message")
                .asString()
                .endsWith("did you mean get_status?");
    }

    @Test
    void garbageIsAnsweredAndTheConnectionGoesOn() {
        Listener client = served.connect();
        client.next();
        List<String> garbage = List.of(
                "",
                "garbage",
                "[]",
                "{",
                "{}",
                "{\"action\":7}",
                "{\"action\":\"register\",\"subscriptions\":3}",
                "{\"action\":\"register\",\"client_id\":\"\"}",
                "{\"type\":\"price_update\"}",
                "{\"action\":\"publish\"}",
                "{\"action\":\"answer\",\"request\":1}",
                "{\"id\":[],\"action\":\"x\"}",
                "{\"action\":\"register\",\"since\":{\"seq\":-1}}",
                "{\"action\":\"register\",\"last\":1e9}",
                "{\"action\":\"command\"}",
                "{\"action\":\"command\",\"command\":\"set_speed\",\"params\":[]}");
        for (String each : garbage) {
            assertThat(client.ask(each))
                    .as(each)
                    .containsEntry("status", "error")
                    .containsKeys("code", "message");
        }
        client.sendBinary(new byte[0]);
        assertThat(client.next()).containsEntry("status", "error");

        assertThat(client.ask(REGISTER)).containsEntry("status", "registered");
    }

    @Test
    void theServersEndIsAGoodbye() {
        Listener client = served.registered(REGISTER);

        served.hub.close();

        assertThat(client.closeStatus()).isEqualTo(1001);
    }
}
