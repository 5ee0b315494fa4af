package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.INTERNAL;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.store.EventIds;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.NewEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Puts published events into the log: those of one message all or none, each `event_id` once. The hub thread's own.
final class Intake {
    private final EventStore store;
    private final EventIds ids;
    /// The ids of those on their way into the log.
    private final Map<String, CompletableFuture<Long>> underWay = new HashMap<>();
    private final HubThread hub;
    private final HubMetrics metrics;

    /// What has become of a message's events.
    ///
    /// @param accepted how many of them are in the log now
    /// @param repeated how many of these were there before
    /// @param seq the number of the last of them
    record Accepted(int accepted, int repeated, long seq) {}

    /// Who hears what has become of them: one of the two, once, on the hub's thread.
    interface Outcome {
        void accepted(Accepted what);

        void refused(HyperTokenException why);
    }

    Intake(EventStore store, EventIds ids, HubThread hub, HubMetrics metrics) {
        this.store = store;
        this.ids = ids;
        this.hub = hub;
        this.metrics = metrics;
    }

    /// Stores events.
    ///
    /// @param events at least one
    void take(List<NewEvent> events, Outcome outcome) {
        var fresh = new ArrayList<NewEvent>(events.size());
        Set<String> fromHere = new HashSet<>();
        var before = new ArrayList<CompletableFuture<Long>>();
        int repeated = 0;
        for (NewEvent event : events) {
            String id = event.key().eventId();
            CompletableFuture<Long> known = id == null ? null : known(id);
            if (known != null) {
                before.add(known);
                repeated++;
            } else if (id != null && !fromHere.add(id)) {
                repeated++;
            } else {
                fresh.add(event);
            }
        }
        for (int k = 0; k < repeated; k++) {
            metrics.repeated();
        }
        int accepted = events.size();
        int again = repeated;
        CompletableFuture<Long> stored = fresh.isEmpty() ? null : append(fresh, fromHere);
        if (stored != null) {
            before.add(stored);
        }
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new)).whenComplete((nothing, thrown) -> {
            hub.executeHere(() -> {
                if (thrown != null) {
                    outcome.refused(refusal(thrown));
                } else {
                    long last = before.stream()
                            .mapToLong(CompletableFuture::join)
                            .max()
                            .orElseThrow();
                    outcome.accepted(new Accepted(accepted, again, last));
                }
            });
        });
    }

    /// When an event of this id is in the log; null if there is none.
    private @Nullable CompletableFuture<Long> known(String id) {
        Long seq = ids.seq(id);
        return seq == null ? underWay.get(id) : CompletableFuture.completedFuture(seq);
    }

    private CompletableFuture<Long> append(List<NewEvent> fresh, Set<String> named) {
        CompletableFuture<Long> stored;
        try {
            stored = store.append(fresh);
        } catch (HyperTokenException refused) {
            stored = CompletableFuture.failedFuture(refused);
        }
        boolean later = !stored.isDone();
        if (later) {
            CompletableFuture<Long> pending = stored;
            named.forEach(id -> underWay.put(id, pending));
        }
        stored.whenComplete((seq, thrown) -> hub.executeHere(() -> {
            if (later) {
                named.forEach(underWay::remove);
            }
            if (thrown != null) {
                metrics.failed(fresh.size());
            }
        }));
        return stored;
    }

    private static HyperTokenException refusal(@Nullable Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof HyperTokenException refused
                ? refused
                : new HyperTokenException(
                        INTERNAL,
                        "the event log met a defect (" + (cause == null ? "" : Shown.failure(cause)) + ")",
                        "this is not your request's fault",
                        "report it with the server's log");
    }
}
