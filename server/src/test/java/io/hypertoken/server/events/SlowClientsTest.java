package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.MemoryBudget;
import io.hypertoken.server.bridge.Await;
import io.hypertoken.server.events.store.MemoryStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who reads slowly, or not at all, slows nobody, costs little, and is told what it missed.
class SlowClientsTest {
    private static final String FILLER = "x".repeat(1_000);

    private final Served served = Served.start(Served.QUICK, new MemoryStore(256 << 20));

    @AfterEach
    void stop() {
        served.close();
    }

    private void publish(int count, String type) {
        for (int from = 0; from < count; from += 500) {
            var events = new StringBuilder("[");
            for (int k = from; k < Math.min(count, from + 500); k++) {
                events.append(k == from ? "" : ",")
                        .append("{\"type\":\"")
                        .append(type)
                        .append("\",\"data\":{\"item\":\"item")
                        .append(k % 10)
                        .append("\",\"price\":")
                        .append(k)
                        .append(",\"filler\":\"")
                        .append(FILLER)
                        .append("\"}}");
            }
            assertThat(served.postJson(events + "]")).containsEntry("status", "success");
        }
    }

    private Listener slow(String policy) {
        Listener client = served.registered("{\"action\":\"register\",\"id\":1,\"client_id\":\"slow\",\"queue\":1000,"
                + "\"slow\":\"" + policy + "\"}");
        client.stopReading();
        return client;
    }

    private double dropped() {
        return served.metric("hypertoken_events_dropped_total{where=\"client\"}");
    }

    @Test
    void oneThatNeverReadsCostsTheOthersNothingAndTheServerLittle() {
        Listener slow = slow("drop");
        Listener quick = served.registered("{\"action\":\"register\",\"id\":1}");

        publish(20_000, "price_update");

        for (long seq = 1; seq <= 20_000; seq++) {
            assertThat(quick.next()).containsEntry("seq", seq);
        }
        assertThat(dropped()).isPositive();
        assertThat(served.metrics.budget().used(MemoryBudget.Kind.REPLIES)).isLessThan(2 << 20);
        assertThat(quick.isClosed()).isFalse();
        slow.readOn();
        long told = 0;
        long last = 0;
        int heard = 0;
        while (last < 20_000) {
            Map<String, @Nullable Object> message = slow.next();
            if (message.get("seq") instanceof Long seq) {
                assertThat(seq).isGreaterThan(last);
                last = seq;
                heard++;
            } else if (message.get("data") instanceof Map<?, ?> data) {
                assertThat(data).extracting("status").isEqualTo("dropped");
                told += (Long) data.get("dropped");
            }
        }
        assertThat(told).isPositive();
        assertThat(heard + told).as("each event was heard, or told as dropped").isEqualTo(20_000);
        assertThat(dropped()).isEqualTo(told);
    }

    @Test
    void conflationLeavesTheNewestOfEachItem() {
        Listener slow = slow("conflate");

        publish(20_000, "price_update");
        Await.until("it is behind", () -> served.metric("hypertoken_events_conflated_total") > 0);
        slow.readOn();

        Map<Object, Object> newest = new HashMap<>();
        long told = 0;
        int heard = 0;
        Long last = 0L;
        while (last < 20_000) {
            Map<String, @Nullable Object> message = slow.next();
            Map<?, ?> data = (Map<?, ?>) message.get("data");
            if (message.get("seq") instanceof Long seq) {
                assertThat(seq).isGreaterThan(last);
                last = seq;
                heard++;
                newest.put(data.get("item"), data.get("price"));
            } else {
                told += (Long) data.get("dropped") + (Long) data.get("conflated");
            }
        }
        for (int k = 0; k < 10; k++) {
            assertThat(newest).containsEntry("item" + k, 19_990L + k);
        }
        assertThat(heard + told).isEqualTo(20_000);
        assertThat(dropped()).as("ten items fit into any queue").isZero();
    }

    @Test
    void oneThatAsksForItIsDisconnectedAndMayComeBackWithItsPosition() {
        Listener slow = slow("disconnect");

        publish(20_000, "price_update");
        Await.until("it is disconnected", () -> served.metric("hypertoken_events_slow_disconnected_total") > 0);
        slow.readOn();

        List<Long> heard = new ArrayList<>();
        while (!slow.isClosed() || slow.waiting() > 0) {
            if (slow.hears(10) && slow.next().get("seq") instanceof Long seq) {
                heard.add(seq);
            }
        }
        assertThat(slow.closeStatus()).isEqualTo(1013);
        Listener back = served.registered("{\"action\":\"register\",\"id\":1,\"since\":{\"seq\":" + heard.getLast()
                + ",\"epoch\":\"" + served.hub.epoch() + "\"}}");
        assertThat(back.next()).containsEntry("seq", heard.getLast() + 1);
    }

    @Test
    void aReplyComesBeforeWhatWaitsAndASubscriptionPurgesIt() {
        Listener slow = slow("drop");
        publish(400, "price_update");
        Await.until(
                "the socket is full",
                () -> served.metrics.budget().used(MemoryBudget.Kind.REPLIES) > 0 || served.hub.seq() == 400);

        slow.send("{\"action\":\"subscribe\",\"subscriptions\":[\"wanted\"],\"id\":9}");
        publish(1, "wanted");
        slow.readOn();

        Map<String, @Nullable Object> message = slow.next();
        while (!"reply".equals(message.get("type"))) {
            message = slow.next();
        }
        assertThat(message).containsEntry("status", "subscribed").containsEntry("id", 9L);
        assertThat(slow.next()).containsEntry("type", "wanted");
    }
}
