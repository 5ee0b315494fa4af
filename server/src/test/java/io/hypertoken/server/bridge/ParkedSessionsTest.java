package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Corridor;
import io.hypertoken.server.Limits;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// One client that comes and goes cannot hold every place.
class ParkedSessionsTest {
    @Test
    void theOldestThatWaitForOneAddressAreEndedAndTheirClientsHearWhy() {
        var limits = Limits.DEFAULT.maxParkedPerAddress(3).maxSessions(5);
        try (var bridge = Bridge.start(Served.settings(Corridor.SPEC).limits(limits));
                var last = Client.connect(bridge.url())) {
            var left = new ArrayList<String>();
            for (int k = 0; k < 20; k++) {
                try (var client = Client.connect(bridge.url())) {
                    var opened = client.ask("{\"cmd\":\"open\",\"env\":\"corridor\",\"lease_s\":3600}");
                    assertThat(opened).containsKey("session");
                    left.add((String) opened.get("session"));
                }
                String session = left.getLast();
                Await.until(
                        "its connection's end is seen", () -> bridge.sessions().isParked(session));
            }

            // Who was parked last ends the oldest a moment later.
            Await.until("three are left", () -> Client.metric(bridge, "hypertoken_sessions") == 3);
            assertThat(Client.metric(bridge, "hypertoken_evictions_total")).isEqualTo(17);
            assertThat(last.ask("{\"cmd\":\"open\",\"session\":\"" + left.get(16) + "\"}"))
                    .containsEntry("code", "session_lost")
                    .containsEntry(
                            "error",
                            "session \"" + left.get(16) + "\" is gone; too many sessions waited for clients of its "
                                    + "address; open a new one, with a longer lease_s if need be");
            assertThat(last.ask("{\"cmd\":\"open\",\"session\":\"" + left.get(17) + "\"}"))
                    .containsEntry("session", left.get(17));
        }
    }
}
