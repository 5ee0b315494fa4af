package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.event.Event;
import io.hypertoken.server.events.Intake.Accepted;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.NewEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what this process' producers leave into the log, in batches; where it could not keep up, a marker in the log
/// says how much is missing. The hub thread's own, but for [#leave(Emitted)].
final class FromProducers {
    private static final Logger LOG = LoggerFactory.getLogger(FromProducers.class);
    private static final int MOST_AT_ONCE = 1024;
    /// Events that a slow store has been given and has not stored yet.
    private static final int MOST_UNDER_WAY = 8192;

    private static final long MARKER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final double MILLIS = 1e-3;

    private final EventRing ring;
    private final EventSchemas schemas;
    private final Intake intake;
    private final HubMetrics metrics;
    private final List<Emitted> taken = new ArrayList<>(MOST_AT_ONCE);
    private long told;
    private long lastMarkerNanos = System.nanoTime() - MARKER_NANOS;
    private int underWay;
    private boolean refusedBefore;
    private boolean failedBefore;

    FromProducers(int capacity, EventSchemas schemas, Intake intake, HubMetrics metrics) {
        this.ring = new EventRing(capacity);
        this.schemas = schemas;
        this.intake = intake;
        this.metrics = metrics;
    }

    /// From any thread.
    void leave(Emitted event) {
        ring.leave(event);
    }

    boolean hasMore() {
        return !ring.isEmpty() && underWay < MOST_UNDER_WAY;
    }

    /// In how many nanoseconds the log is to be told of what is missing; [Long#MAX_VALUE] if nothing is.
    long markerDue(long nowNanos) {
        return ring.dropped() == told ? Long.MAX_VALUE : Math.max(0, lastMarkerNanos + MARKER_NANOS - nowNanos);
    }

    /// How many were dropped because the ring was full.
    long dropped() {
        return ring.dropped();
    }

    /// @return whether there was anything
    boolean takeIn() {
        if (underWay >= MOST_UNDER_WAY) {
            return false;
        }
        ring.take(taken, MOST_AT_ONCE);
        long missing = ring.dropped() - told;
        boolean marks = missing > 0 && System.nanoTime() - lastMarkerNanos >= MARKER_NANOS;
        if (taken.isEmpty() && !marks) {
            return false;
        }
        var events = new ArrayList<NewEvent>(taken.size() + 1);
        for (Emitted each : taken) {
            add(events, withRow(each), each.millis() * MILLIS, each.producer().source());
        }
        taken.clear();
        if (marks) {
            told += missing;
            lastMarkerNanos = System.nanoTime();
            metrics.droppedFull(missing);
            add(events, marker(missing), Messages.now(), "hub");
        }
        if (!events.isEmpty()) {
            store(events);
        }
        return true;
    }

    private void add(List<NewEvent> events, Event event, double timestamp, String source) {
        try {
            events.add(schemas.check(event, timestamp, source));
        } catch (RuntimeException | StackOverflowError refused) { // facts may hold whatever somebody put in them
            metrics.refused();
            if (!refusedBefore) {
                refusedBefore = true;
                LOG.warn("an event of {} was refused, later ones are only counted: {}", source, Shown.failure(refused));
            }
        }
    }

    private void store(List<NewEvent> events) {
        int count = events.size();
        underWay += count;
        intake.take(events, new Intake.Outcome() {
            @Override
            public void accepted(Accepted what) {
                underWay -= count;
                failedBefore = false;
            }

            @Override
            public void refused(HyperTokenException why) {
                underWay -= count;
                if (!failedBefore) {
                    failedBefore = true;
                    LOG.warn("{} events were lost, later ones are only counted: {}", count, why.getMessage());
                }
            }
        });
    }

    /// The event, and in its data where it happened, unless the environment says that itself.
    @SuppressWarnings("NullAway") // facts may hold null, which it does not see in a class of another module
    private static Event withRow(Emitted each) {
        if (each.row() == Emitted.NO_ROW) {
            return each.event();
        }
        Map<String, @Nullable Object> facts = new LinkedHashMap<>(each.event().facts());
        facts.putIfAbsent("row", each.row());
        facts.putIfAbsent("episode", each.episode());
        facts.putIfAbsent("step", each.step());
        return new Event(each.event().type(), facts);
    }

    private static Event marker(long missing) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("status", "dropped");
        facts.put("dropped", missing);
        facts.put("message", missing + " events of this process are missing here: it made more than the hub took");
        return new Event("system_status", facts);
    }
}
