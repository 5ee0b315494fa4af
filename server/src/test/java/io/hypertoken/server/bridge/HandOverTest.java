package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.fixture.Corridor;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A session that has changed hands obeys its new owner only.
class HandOverTest {
    private static final int TRIES = 200;

    @RegisterExtension
    private static final Served SERVED = Served.by(Corridor.SPEC);

    /// The former owner's message crosses the new owner's `open` on the wire: who comes first may have its way, but
    /// what was handed over is never ended by who had it before.
    @ParameterizedTest
    @ValueSource(strings = {"{\"cmd\":\"close\"}", "{\"cmd\":\"open\",\"env\":\"duel\"}"})
    void whatAFormerOwnerAsksDoesNotTouchTheSession(String crossing) {
        int handedOver = 0;
        for (int k = 0; k < TRIES; k++) {
            try (var former = Client.connect(SERVED.bridge().url());
                    var next = Client.connect(SERVED.bridge().url())) {
                String session = (String) former.ask("{\"cmd\":\"env_info\"}").get("session");
                next.ask("{\"cmd\":\"ping\"}");

                next.send("{\"cmd\":\"open\",\"session\":\"" + session + "\"}");
                former.trySend(crossing);

                Map<String, Object> resumed = next.next();
                if (resumed.containsKey("session")) {
                    handedOver++;
                    assertThat(next.ask("{\"cmd\":\"reset\",\"seed\":1}")).containsEntry("ok", true);
                    assertThat(next.ask("{\"cmd\":\"env_info\"}")).containsEntry("session", session);
                }
            }
        }
        assertThat(handedOver).as("how often the new owner came first").isPositive();
    }
}
