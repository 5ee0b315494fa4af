package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.events.store.nats.NatsAddress;
import io.hypertoken.server.events.store.nats.NatsServer;
import io.hypertoken.server.events.store.nats.NatsStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole hub with its events in a real NATS server.
class HubOverNatsTest {
    @TempDir
    private Path folder;

    private static NatsStore store(NatsServer nats) {
        return NatsStore.open(NatsAddress.parse(nats.url()), 1 << 30, Duration.ofDays(1), notice -> {});
    }

    @Test
    void numbersGoOnOverARestartAndAClientIsSentWhatItMissed() throws Exception {
        HubSettings settings = Served.QUICK.keepsLog(true);
        try (var nats = new NatsServer(folder)) {
            String epoch;
            long seen;
            try (var served = Served.start(settings, store(nats))) {
                epoch = served.hub.epoch();
                Listener live = served.registered("{\"action\":\"register\",\"id\":1}");
                served.postJson("[" + Served.event("a", 1) + "," + Served.event("b", 2) + "]");
                assertThat(live.next()).containsEntry("type", "a");
                var last = live.next();
                assertThat(last).containsEntry("type", "b");
                seen = (long) last.get("seq");
                served.postJson(Served.event("missed", 3));
            }
            nats.kill();
            nats.start();
            try (var served = Served.start(settings, store(nats))) {
                assertThat(served.hub.epoch()).isEqualTo(epoch);
                Listener back = served.registered("{\"action\":\"register\",\"id\":1,\"since\":{\"epoch\":\"" + epoch
                        + "\",\"seq\":" + seen + "}}");
                assertThat(back.next()).containsEntry("type", "missed").containsEntry("seq", seen + 1);
                served.postJson(Served.event("later", 4));
                assertThat(back.next()).containsEntry("type", "later").containsEntry("seq", seen + 2);
            }
        }
    }
}
