package io.hypertoken.server.events.store;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The event ids of a log's newest events, by which a repetition is known and answered. For one thread, its hub's.
public final class EventIds {
    private static final int READ_EVENTS = 4096;
    private static final int READ_BYTES = 8 << 20;

    private final int window;
    private final LinkedHashMap<String, Long> seqs = new LinkedHashMap<>();

    /// Remembers none yet.
    ///
    /// @param window how many of the newest events are looked back on
    public EventIds(int window) {
        this.window = window;
    }

    /// Remembers what a log already holds, so that a retry is known over a restart.
    public static EventIds of(EventStore store, int window) {
        var ids = new EventIds(window);
        long next = Math.max(store.firstSeq(), store.lastSeq() - window + 1);
        while (next <= store.lastSeq()) {
            List<LoggedEvent> events = store.read(next, READ_EVENTS, READ_BYTES);
            if (events.isEmpty()) {
                break;
            }
            ids.add(events);
            next = events.getLast().seq() + 1;
        }
        return ids;
    }

    /// The number that an event of this id was stored under; null if none of the newest has it.
    public @Nullable Long seq(String eventId) {
        return seqs.get(eventId);
    }

    /// Remembers stored events, and forgets those that are no longer among the newest.
    public void add(List<LoggedEvent> events) {
        for (LoggedEvent event : events) {
            String id = event.key().eventId();
            if (id != null) {
                seqs.putLast(id, event.seq());
            }
        }
        long oldest = events.isEmpty() ? 0 : events.getLast().seq() - window;
        var eldestFirst = seqs.entrySet().iterator();
        while (eldestFirst.hasNext() && eldestFirst.next().getValue() <= oldest) {
            eldestFirst.remove();
        }
    }
}
