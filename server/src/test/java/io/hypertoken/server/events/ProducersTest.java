package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.event.Event;
import io.hypertoken.server.bridge.Await;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.events.store.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What this process tells the hub itself: free where nobody hears it, never waited for, and never lost in silence.
class ProducersTest {
    @Test
    void nothingIsTakenWhileNobodyListensAndNoLogIsKept() {
        try (var served = Served.start()) {
            Producer producer = served.hub.producer("lab");
            assertThat(producer.listening()).isFalse();
            producer.publish(Events.numbered("unheard", 1));

            Listener client = served.registered("{\"action\":\"register\",\"id\":1}");
            assertThat(producer.listening()).isTrue();
            producer.accept(3, 7, 11, new Event("heard", Map.of("x", 1)));

            Map<String, @Nullable Object> event = client.next();
            assertThat(event)
                    .containsEntry("type", "heard")
                    .containsEntry("seq", 1L)
                    .containsEntry("source", "lab");
            assertThat(event.get("data")).isEqualTo(Map.of("x", 1L, "row", 3L, "episode", 7L, "step", 11L));
            client.close();
            Await.until("nobody listens", () -> !producer.listening());
        }
    }

    @Test
    void aKeptLogHearsEverythingInTheOrderOfEachProducer() throws Exception {
        try (var served = Served.start(Served.QUICK.keepsLog(true))) {
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                Producer producer = served.hub.producer("thread-" + t);
                threads.add(Thread.ofPlatform().start(() -> {
                    for (long n = 0; n < 5_000; n++) {
                        producer.publish(Events.numbered("count", n));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            Await.until("all are stored", () -> served.hub.seq() == 20_000);

            var next = new HashMap<String, Long>();
            for (LoggedEvent event : served.hub.store().read(1, 20_000, 1 << 30)) {
                String json = new String(event.json(), StandardCharsets.UTF_8);
                String source = json.replaceAll(".*\"source\":\"([^\"]*)\".*", "$1");
                long n = Long.parseLong(json.replaceAll(".*\"n\":(\\d+).*", "$1"));
                assertThat(n).isEqualTo(next.getOrDefault(source, 0L));
                next.put(source, n + 1);
            }
            assertThat(next.values()).containsOnly(5_000L).hasSize(4);
        }
    }

    /// A log that waits until it may go on.
    private static final class StuckStore implements EventStore {
        private final MemoryStore memory = new MemoryStore(64 << 20);
        private final CountDownLatch may = new CountDownLatch(1);

        @Override
        public CompletableFuture<Long> append(List<NewEvent> events) {
            try {
                may.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return memory.append(events);
        }

        @Override
        public String epoch() {
            return memory.epoch();
        }

        @Override
        public long firstSeq() {
            return memory.firstSeq();
        }

        @Override
        public long lastSeq() {
            return memory.lastSeq();
        }

        @Override
        public long bytes() {
            return memory.bytes();
        }

        @Override
        public void follow(Consumer<List<LoggedEvent>> follower) {
            memory.follow(follower);
        }

        @Override
        public List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
            return memory.read(from, maxEvents, maxBytes);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @Test
    void aFullRingDropsCountsAndLeavesAMarkerInTheLog() {
        var store = new StuckStore();
        try (var served = Served.start(Served.QUICK.keepsLog(true).ringEvents(1_000), store)) {
            Producer producer = served.hub.producer("lab");
            long began = System.nanoTime();
            for (long n = 0; n < 10_000; n++) {
                producer.publish(Events.numbered("count", n));
            }
            assertThat(System.nanoTime() - began).as("a producer never waits").isLessThan(5_000_000_000L);

            store.may.countDown();

            Await.until("all are stored, or told as missing", () -> kept(served) + told(served) == 10_000);
            assertThat(told(served)).isPositive();
            assertThat(served.metric("hypertoken_events_dropped_total{where=\"producer\"}"))
                    .isEqualTo(told(served));
        }
    }

    private static List<LoggedEvent> all(Served served) {
        return served.hub.store().read(1, 20_000, 1 << 30);
    }

    private static long kept(Served served) {
        return all(served).stream()
                .filter(event -> event.key().type().equals("count"))
                .count();
    }

    private static long told(Served served) {
        return all(served).stream()
                .filter(event -> event.key().type().equals("system_status"))
                .mapToLong(event -> Long.parseLong(
                        new String(event.json(), StandardCharsets.UTF_8).replaceAll(".*\"dropped\":(\\d+).*", "$1")))
                .sum();
    }

    @Test
    void whatTheSchemaRefusesIsCountedAndTheRestIsStored() {
        try (var served = Served.start(Served.QUICK.keepsLog(true))) {
            Producer producer = served.hub.producer("lab");
            var cyclic = new HashMap<String, Object>();
            cyclic.put("self", cyclic);

            producer.publish(new Event("price_update", Map.of("item", "Coal", "price", "dear")));
            producer.publish(new Event("cyclic", Map.of("x", cyclic)));
            producer.publish(Events.numbered("good", 1));

            Await.until("the good one is stored", () -> served.hub.seq() > 0);
            assertThat(served.metric("hypertoken_events_refused_total") + served.hub.seq())
                    .isEqualTo(3);
        }
    }
}
