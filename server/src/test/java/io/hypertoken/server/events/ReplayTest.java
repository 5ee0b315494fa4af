package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.bridge.Await;
import io.hypertoken.server.events.store.FileStore;
import io.hypertoken.server.events.store.FileStoreSettings;
import io.hypertoken.server.events.store.MemoryStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was is sent before what comes, with no gap and no repeat where they meet.
class ReplayTest {
    @TempDir
    private Path folder;

    private static void publish(Served served, int count) {
        var events = new StringBuilder("[");
        for (int k = 0; k < count; k++) {
            events.append(k == 0 ? "" : ",").append(Served.event(k % 2 == 0 ? "even" : "odd", k));
        }
        assertThat(served.postJson(events + "]")).containsEntry("accepted", (long) count);
    }

    private static String since(String epoch, long seq) {
        return "{\"action\":\"register\",\"id\":1,\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + seq + "}}";
    }

    @Test
    void aReplayMeetsTheLiveFeedWithNoGapAndNoRepeatWhileEventsFlow() throws Exception {
        // Few events in memory, so that the replay begins in the log and passes into memory on its way.
        HubSettings settings = Served.QUICK.recent(256, 1 << 20).keepsLog(true);
        try (var served = Served.start(settings, FileStore.open(FileStoreSettings.in(folder)))) {
            for (int k = 0; k < 4; k++) {
                publish(served, 5_000);
            }
            var stop = new AtomicBoolean();
            Producer producer = served.hub.producer("load");
            Thread load = Thread.ofPlatform().start(() -> {
                for (long n = 0; !stop.get(); n++) {
                    producer.publish(Events.numbered("flow", n));
                    LockSupport.parkNanos(200_000);
                }
            });

            Listener all = served.registered(since(served.hub.epoch(), 1234));
            Listener last = served.registered(
                    "{\"action\":\"register\",\"id\":1,\"last\":300,\"subscriptions\":[\"odd\",\"flow\"]}");

            for (long seq = 1235; seq <= 22_000; seq++) {
                assertThat(all.next()).containsEntry("seq", seq);
            }
            long before = 0;
            boolean flows = false;
            for (int k = 0; k < 1000; k++) {
                Map<String, @Nullable Object> event = last.next();
                long seq = (Long) event.get("seq");
                flows |= event.get("type").equals("flow");
                assertThat(event.get("type")).isIn("odd", "flow");
                if (before > 0) {
                    assertThat(seq)
                            .isEqualTo(flows && before >= 20_000 ? before + 1 : seq)
                            .isGreaterThan(before);
                }
                before = seq;
            }
            stop.set(true);
            load.join();
            assertThat(served.metric("hypertoken_events_dropped_total{where=\"client\"}"))
                    .isZero();
        }
    }

    @Test
    void aPositionOfAnotherLogOrOneThatIsTrimmedIsToldAndNothingIsReplayed() {
        try (var served = Served.start(Served.QUICK, new MemoryStore(100_000))) {
            publish(served, 2_000);
            long first = served.hub.store().firstSeq();
            assertThat(first).isGreaterThan(10);

            for (String message :
                    List.of(since("another", 1999), since(served.hub.epoch(), 5), since(served.hub.epoch(), 9_999))) {
                Listener client = served.connect();
                client.next();
                assertThat(client.ask(message))
                        .containsEntry("status", "registered")
                        .containsEntry("recovered", false)
                        .containsEntry("first_seq", first)
                        .containsEntry("from", served.hub.seq() + 1);
                publish(served, 1);
                assertThat(client.next()).containsEntry("seq", served.hub.seq());
                first = served.hub.store().firstSeq();
            }
            Listener fits = served.connect();
            fits.next();
            assertThat(fits.ask(since(served.hub.epoch(), first - 1))).containsEntry("recovered", true);
            assertThat(fits.next()).containsEntry("seq", first);
        }
    }

    @Test
    void theLastEventsAreThoseThatTheFilterAdmits() {
        try (var served = Served.start()) {
            publish(served, 1_000);

            Listener client =
                    served.registered("{\"action\":\"register\",\"id\":1,\"last\":3,\"subscriptions\":[\"even\"]}");

            assertThat(List.of(client.next(), client.next(), client.next()))
                    .extracting(event -> event.get("seq"))
                    .containsExactly(995L, 997L, 999L);
            assertThat(client.hears(50)).isFalse();
            assertThat(client.ask("{\"action\":\"subscribe\",\"id\":2,\"last\":1}"))
                    .containsEntry("from", 1000L);
            assertThat(client.next()).containsEntry("seq", 1000L);
        }
    }

    @Test
    void aClientGoesOnWhereItWasWhenTheHubIsBack() {
        String epoch;
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            publish(served, 10);
            epoch = served.hub.epoch();
        }
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            publish(served, 1);
            Listener client = served.registered(since(epoch, 8));

            assertThat(List.of(client.next(), client.next(), client.next()))
                    .extracting(event -> event.get("seq"))
                    .containsExactly(9L, 10L, 11L);
        }
    }

    @Test
    void theStateIsTheNewestOfEachKindAlsoAfterARestart() {
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            served.postJson("[" + Served.price("Coal", 1) + "," + Served.price("Potato", 2) + ","
                    + Served.price("Coal", 3) + "]");
        }
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            served.postJson(Served.price("Potato", 4));
            Await.until(
                    "the older log was looked at",
                    () -> Boolean.TRUE.equals(served.getJson("/state").get("complete")));

            Map<String, @Nullable Object> state = served.getJson("/state");
            assertThat(state).containsEntry("seq", 4L);
            assertThat(Served.each(state.get("events"), "seq")).containsExactly(3L, 4L);
            assertThat((List<?>) served.getJson("/state?item=Coal").get("events"))
                    .hasSize(1);
        }
    }

    @Test
    void theLogIsReadInPagesByPlainHttp() {
        try (var served = Served.start()) {
            publish(served, 100);

            Map<String, @Nullable Object> page = served.getJson("/events?since=10&type=odd&limit=3");
            assertThat(Served.each(page.get("events"), "seq")).containsExactly(12L, 14L, 16L);
            assertThat(page).containsEntry("recovered", true).containsEntry("seq", 100L);
            long next = (Long) page.get("next_since");
            assertThat(Served.each(
                            served.getJson("/events?since=" + next + "&type=odd&limit=1")
                                    .get("events"),
                            "seq"))
                    .containsExactly(18L);
            assertThat(Served.each(served.getJson("/events?limit=2").get("events"), "seq"))
                    .containsExactly(99L, 100L);
            assertThat(served.getJson("/events?since=other:1")).containsEntry("recovered", false);
            assertThat(served.get("/events?limit=x").statusCode()).isEqualTo(400);
            assertThat(served.get("/events?since=x").statusCode()).isEqualTo(400);
        }
    }
}
