package io.hypertoken.server.events;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/// Where this process' producers leave their events: bounded, and what does not fit is dropped and counted, for a step
/// must never wait for the hub. Any thread leaves; the hub's takes.
final class EventRing {
    private final ArrayBlockingQueue<Emitted> waiting;
    private final LongAdder dropped = new LongAdder();

    EventRing(int capacity) {
        this.waiting = new ArrayBlockingQueue<>(capacity);
    }

    void leave(Emitted event) {
        if (!waiting.offer(event)) {
            dropped.increment();
        }
    }

    void take(List<Emitted> into, int most) {
        waiting.drainTo(into, most);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// How many were dropped in all.
    long dropped() {
        return dropped.sum();
    }
}
