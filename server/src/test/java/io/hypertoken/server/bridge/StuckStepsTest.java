package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Spec;
import io.hypertoken.server.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A step that does not end is its own session's trouble.
class StuckStepsTest {
    private static final String PING = "{\"cmd\":\"ping\"}";
    private static final long FIVE_SECONDS = TimeUnit.SECONDS.toNanos(5);

    private final AtomicLong now = new AtomicLong();
    private final Bridge bridge =
            Bridge.start(Served.settings(Corridor.SPEC).limits(Limits.DEFAULT.resumeMillis(200)), now::get);
    private final List<Client> clients = new ArrayList<>();

    @BeforeEach
    void shutTheGate() {
        Slow.shut();
    }

    @AfterEach
    void stop() {
        Slow.open();
        clients.forEach(Client::close);
        bridge.close();
    }

    private Client connect() {
        var client = Client.connect(bridge.url());
        clients.add(client);
        return client;
    }

    /// A client whose step waits at the gate.
    private String stuck(Client client, Spec spec) {
        var opened = client.ask("{\"cmd\":\"open\",\"env\":\"" + spec.id() + "\"}");
        client.ask("{\"cmd\":\"reset\",\"seed\":1}");
        client.send("{\"cmd\":\"step\",\"action\":1}");
        return (String) opened.get("session");
    }

    private static String resume(String session) {
        return "{\"cmd\":\"open\",\"session\":\"" + session + "\"}";
    }

    @Test
    void othersAreServedWhileOneIsStuck() {
        List<Client> before = List.of(connect(), connect(), connect(), connect());
        for (int k = 0; k < 3; k++) {
            stuck(connect(), Slow.BLOCKING);
        }

        assertThat(before).allSatisfy(client -> assertThat(client.ask(PING)).containsKey("pong"));
        assertThat(connect().ask("{\"cmd\":\"reset\",\"seed\":1}")).containsEntry("ok", true);
        assertThat(Client.get(bridge, "/health")).isEqualTo("ok\n");
    }

    @Test
    void whoResumesAStuckSessionHearsSoInTimeAndGoesOn() {
        String session = stuck(connect(), Slow.BLOCKING);
        Client impatient = connect();

        assertThat(impatient.ask(resume(session)))
                .containsEntry("code", "session_lost")
                .containsEntry(
                        "error",
                        "session \"" + session + "\" cannot be resumed now; its step has not ended for 0.2 seconds; "
                                + "try again later, or open a new one");
        assertThat(impatient.ask("{\"cmd\":\"reset\",\"seed\":1}")).containsEntry("ok", true);

        Slow.open();
        Await.until(
                "the session changes hands",
                () -> impatient.ask(resume(session)).containsKey("session"));
        assertThat(impatient.ask("{\"cmd\":\"observe\",\"agent\":\"player_0\"}"))
                .containsEntry("observation", 1L);
    }

    @Test
    void theSweepPassesBySessionsThatAreStuck() {
        Client dead = connect();
        String stuck = stuck(dead, Slow.BLOCKING);
        Client left = connect();
        String parked = (String) left.ask("{\"cmd\":\"env_info\"}").get("session");
        dead.drop();
        left.drop();
        Await.until("the connection's end is seen", () -> bridge.sessions().isParked(parked));

        now.addAndGet(TimeUnit.SECONDS.toNanos(61));
        bridge.sessions().sweep();

        Await.until("the other session ends", () -> Client.metric(bridge, "hypertoken_sessions") == 1);
        Slow.open();
        Await.until(
                "its lease begins with the end of its step",
                () -> bridge.sessions().isParked(stuck));
        now.addAndGet(TimeUnit.SECONDS.toNanos(61));
        bridge.sessions().sweep();
        Await.until("the stuck one ends too", () -> Client.metric(bridge, "hypertoken_sessions") == 0);
    }

    @Test
    void aStepOfOursThatIsStuckHoldsOneLoopButNeitherTheFrontNorThoseWhoCome() {
        stuck(connect(), Slow.SPEC);

        assertThat(Client.get(bridge, "/health")).isEqualTo("ok\n");
        Await.until("its loop is replaced", () -> Client.get(bridge, "/ready").equals("ready\n") && allAnswered());
    }

    /// As many newcomers as there can be loops.
    private boolean allAnswered() {
        for (int k = 0; k < Runtime.getRuntime().availableProcessors(); k++) {
            connect().send(PING);
        }
        return clients.subList(1, clients.size()).stream()
                .skip(Math.max(0, clients.size() - 1L - Runtime.getRuntime().availableProcessors()))
                .allMatch(client -> client.hasReply(500));
    }

    @Test
    void theServerStopsInFiveSecondsWhateverIsStuck() {
        stuck(connect(), Slow.BLOCKING);
        stuck(connect(), Slow.SPEC);
        long began = System.nanoTime();

        bridge.close();

        assertThat(System.nanoTime() - began).isLessThan(FIVE_SECONDS);
    }
}
