package io.hypertoken.bench;

import io.hypertoken.event.Event;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.HubSettings;
import io.hypertoken.server.events.Producer;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.FileStore;
import io.hypertoken.server.events.store.FileStoreSettings;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// A hub in the process of its producers, as `hypertoken serve` has it, under load.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.EventsLoad FOLDER`. It prints its URL, then obeys lines of its
/// standard input, and answers each with one line:
///
/// - `flood EVENTS THREADS`: publishes so many events as fast as the log takes them; tells seconds and the log's bytes;
/// - `pace RATE SECONDS`: publishes so many a second; tells the first and the last number in the log, and how many were
///   published. The data's `sent` is the moment in nanoseconds of the machine's monotonic clock.
public final class EventsLoad {
    /// Half of what the hub's ring holds, so that nothing is dropped.
    private static final int AHEAD = 1 << 14;

    private static final long BURST_NANOS = 1_000_000;
    private static final double NANOS = 1e-9;

    private final Hub hub;
    private final EventStore store;

    private EventsLoad(Hub hub, EventStore store) {
        this.hub = hub;
        this.store = store;
    }

    /// Runs until the standard input ends.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var store = FileStore.open(FileStoreSettings.in(Path.of(arguments[0])).maxBytes(4L << 30));
        Hub hub = Hub.start(
                HubSettings.DEFAULT.keepsLog(true), store, EventSchemas.known(), Metrics.within(Limits.DEFAULT));
        hub.listen(new ListenerSettings("127.0.0.1", 0, AccessRules.LOCAL, Limits.DEFAULT));
        System.out.println(hub.url());
        var load = new EventsLoad(hub, store);
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", -1);
            int first = Integer.parseInt(words[1]);
            int second = Integer.parseInt(words[2]);
            System.out.println(words[0].equals("flood") ? load.flood(first, second) : load.pace(first, second));
        }
        hub.close();
    }

    private String flood(int events, int threads) throws InterruptedException {
        long before = store.lastSeq();
        long began = System.nanoTime();
        List<Thread> producers = new ArrayList<>();
        for (int k = 0; k < threads; k++) {
            Producer producer = hub.producer("row-" + k);
            producers.add(Thread.ofPlatform().start(() -> flood(producer, events / threads, before, threads)));
        }
        for (Thread each : producers) {
            each.join();
        }
        long wanted = before + (long) (events / threads) * threads;
        settle(wanted);
        double seconds = (System.nanoTime() - began) * NANOS;
        return String.format(Locale.ROOT, "%d %.4f %d", store.lastSeq() - before, seconds, store.bytes());
    }

    private void flood(Producer producer, int events, long before, int threads) {
        for (int k = 0; k < events; k++) {
            if ((k & 255) == 0) {
                while ((long) k * threads - (store.lastSeq() - before) > AHEAD) {
                    LockSupport.parkNanos(20_000);
                }
            }
            producer.publish(price(k));
        }
    }

    /// Waits until the log has them all, for ten seconds: what was dropped never comes.
    private void settle(long wanted) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (store.lastSeq() < wanted && System.nanoTime() < end) {
            LockSupport.parkNanos(200_000);
        }
    }

    private String pace(int rate, int seconds) {
        Producer producer = hub.producer("paced");
        long first = store.lastSeq() + 1;
        long count = (long) rate * seconds;
        long began = System.nanoTime();
        for (long k = 0; k < count; ) {
            long due = Math.min(count, (long) ((System.nanoTime() - began) * NANOS * rate) + 1);
            for (; k < due; k++) {
                producer.publish(price(k));
            }
            LockSupport.parkNanos(BURST_NANOS);
        }
        settle(first + count - 1);
        return String.format(Locale.ROOT, "%d %d %d", first, store.lastSeq(), count);
    }

    private static Event price(long k) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("item", "Abyssal whip");
        facts.put("item_id", 4151);
        facts.put("price", 1_500_000 + k % 1000);
        facts.put("change", 50_000);
        facts.put("volume", 100);
        facts.put("sent", System.nanoTime());
        return new Event("price_update", facts);
    }
}
