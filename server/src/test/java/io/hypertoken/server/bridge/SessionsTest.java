package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Auction;
import io.hypertoken.server.Limits;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sessions outlive their connections, and no request is played twice.
class SessionsTest {
    private final AtomicLong now = new AtomicLong();
    private final Bridge bridge =
            Bridge.start(Served.settings(Auction.SPEC).limits(Limits.DEFAULT.maxSessions(2)), now::get);

    @AfterEach
    void stop() {
        bridge.close();
    }

    /// Breaks a connection, and waits until the server knows.
    private void drop(Client client, String session) {
        client.drop();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!bridge.sessions().isParked(session)) {
            assertThat(System.nanoTime()).as("the server notices within 10 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        bridge.sessions().sweep();
    }

    private static String session(Client client) {
        return (String) client.ask("{\"cmd\":\"env_info\"}").get("session");
    }

    private static Map<String, Object> resume(Client client, String session) {
        return client.ask("{\"cmd\":\"open\",\"session\":\"" + session + "\"}");
    }

    @Test
    void aDroppedConnectionIsResumedExactlyWhereItWas() {
        var first = Client.connect(bridge.url());
        first.ask("{\"cmd\":\"reset\",\"seed\":1}");
        first.ask("{\"cmd\":\"step\",\"action\":0}");
        var last = first.ask("{\"cmd\":\"last\"}");
        String session = session(first);
        drop(first, session);

        try (var second = Client.connect(bridge.url())) {
            assertThat(resume(second, session))
                    .containsEntry("session", session)
                    .containsEntry("at", 2L);
            assertThat(second.ask("{\"cmd\":\"last\"}")).isEqualTo(last);
        }
    }

    @Test
    void aSessionIsResumedByItsAddressToo() {
        var first = Client.connect(bridge.url());
        first.ask("{\"cmd\":\"reset\",\"seed\":1}");
        var last = first.ask("{\"cmd\":\"last\"}");
        String session = session(first);
        drop(first, session);

        try (var second = Client.connect(bridge.url() + "/?session=" + session)) {
            assertThat(second.ask("{\"cmd\":\"last\"}")).isEqualTo(last);
        }
    }

    @Test
    void aRequestSentAgainIsAnsweredAgainAndNotPlayedAgain() {
        var first = Client.connect(bridge.url());
        first.ask("{\"cmd\":\"reset\",\"seed\":1,\"at\":1}");
        var played = first.ask("{\"cmd\":\"step\",\"action\":0,\"reply\":\"turn\",\"at\":2}");
        String session = session(first);
        drop(first, session);

        try (var second = Client.connect(bridge.url())) {
            resume(second, session);
            assertThat(second.ask("{\"cmd\":\"step\",\"action\":0,\"reply\":\"turn\",\"at\":2}"))
                    .isEqualTo(played);
            assertThat(resume(second, session)).as("nothing was played").containsEntry("at", 2L);
            assertThat(second.ask("{\"cmd\":\"step\",\"action\":0,\"at\":4}"))
                    .containsEntry("code", "bad_step")
                    .containsEntry("expected", 3L)
                    .containsEntry(
                            "error",
                            "refused request number at=4; this session has answered 2 resets and steps; "
                                    + "send at=3, or at=2 to hear the last reply again");
            assertThat(second.ask("{\"cmd\":\"step\",\"action\":0,\"at\":3}")).containsEntry("at", 3L);
        }
    }

    @Test
    void aRefusedRequestIsNotCounted() {
        try (var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"reset\",\"seed\":1,\"at\":1}");
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":7,\"at\":2}")).containsEntry("code", "bad_action");
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":0,\"at\":2}")).containsEntry("at", 2L);
        }
    }

    @Test
    void aSessionWhoseLeaseRanOutIsLost() {
        var first = Client.connect(bridge.url());
        String session = session(first);
        drop(first, session);
        pass(59);
        var second = Client.connect(bridge.url());
        assertThat(resume(second, session)).containsEntry("session", session);
        drop(second, session);
        pass(61);

        try (var third = Client.connect(bridge.url())) {
            assertThat(resume(third, session))
                    .containsEntry("code", "session_lost")
                    .containsEntry(
                            "error",
                            "session \"" + session + "\" is gone; its lease ran out while no client was connected; "
                                    + "open a new one, with a longer lease_s if need be");
        }
    }

    @Test
    void aClientChoosesItsLease() {
        var first = Client.connect(bridge.url());
        var opened = first.ask("{\"cmd\":\"open\",\"env\":\"auction\",\"lease_s\":300}");
        assertThat(opened).containsEntry("lease_s", 300L);
        String session = (String) opened.get("session");
        drop(first, session);
        pass(299);

        try (var second = Client.connect(bridge.url())) {
            assertThat(resume(second, session)).containsEntry("session", session);
        }
    }

    @Test
    void aConnectedSessionNeedsNoLease() {
        try (var client = Client.connect(bridge.url())) {
            String session = session(client);
            pass(20_000);

            assertThat(session(client)).isEqualTo(session);
        }
    }

    @Test
    void whoResumesASessionTakesItFromAConnectionThatOnlySeemsAlive() {
        var first = Client.connect(bridge.url());
        first.ask("{\"cmd\":\"reset\",\"seed\":1}");
        String session = session(first);

        try (var second = Client.connect(bridge.url())) {
            assertThat(resume(second, session)).containsEntry("at", 1L);
            first.awaitEnd();
            assertThat(second.ask("{\"cmd\":\"step\",\"action\":0}")).containsEntry("at", 2L);
        }
    }

    @Test
    void openingReplacesTheConnectionsSession() {
        try (var client = Client.connect(bridge.url())) {
            String former = session(client);
            client.ask("{\"cmd\":\"open\",\"env\":\"corridor\"}");
            client.ask("{\"cmd\":\"open\",\"env\":\"duel\"}");

            assertThat(client.ask("{\"cmd\":\"env_info\"}")).containsEntry("env_type", "duel");
            assertThat(resume(client, former)).containsEntry("code", "unknown_session");
            assertThat(client.ask("{\"cmd\":\"env_info\"}"))
                    .as("a refused open changes nothing")
                    .containsEntry("env_type", "duel");
        }
    }

    @Test
    void moreSessionsThanAllowedAreRefusedUntilOneIsClosed() {
        try (var first = Client.connect(bridge.url());
                var second = Client.connect(bridge.url());
                var third = Client.connect(bridge.url())) {
            session(first);
            session(second);

            assertThat(third.ask("{\"cmd\":\"env_info\"}"))
                    .containsEntry("code", "too_large")
                    .containsEntry(
                            "error",
                            "refused to open another session; this server holds 2 at a time; "
                                    + "close one, wait for a lease to run out, or start the server with a larger "
                                    + "--max-sessions");
            assertThat(second.ask("{\"cmd\":\"open\",\"env\":\"duel\"}"))
                    .as("replacing one's own needs no further place")
                    .containsKey("session");
            first.ask("{\"cmd\":\"close\"}");
            assertThat(third.ask("{\"cmd\":\"env_info\"}")).containsKey("session");
        }
    }
}
