package io.hypertoken.server.events;

import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.LoggedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The newest event of each type, agent and item: what a page that opens shows before anything happens. For one thread
/// at a time.
///
/// It is bounded: of more than it holds, those that have not changed for longest are left out.
final class Newest {
    private static final int MOST_EVENTS = 20_000;
    private static final long MOST_BYTES = 32 << 20;

    private record Place(
            String type, @Nullable String agent, @Nullable String item, long itemId) {
        static Place of(EventKey key) {
            return new Place(key.type(), key.agent(), key.item(), key.itemId());
        }
    }

    private final Map<Place, LoggedEvent> events = new LinkedHashMap<>();
    private long bytes;

    /// An event is in the log.
    void add(LoggedEvent event) {
        Place place = Place.of(event.key());
        forget(events.remove(place));
        events.put(place, event);
        bytes += event.json().length;
        Iterator<LoggedEvent> oldest = events.values().iterator();
        while (events.size() > MOST_EVENTS || (bytes > MOST_BYTES && events.size() > 1)) {
            forget(oldest.next());
            oldest.remove();
        }
    }

    /// Takes over what a look at the older part of the log has found, where nothing newer is known.
    void addOlder(Newest older) {
        List<LoggedEvent> mine = new ArrayList<>(events.values());
        events.clear();
        bytes = 0;
        older.events.values().forEach(this::add);
        mine.forEach(this::add);
    }

    /// All of them, oldest first.
    List<LoggedEvent> all() {
        var all = new ArrayList<>(events.values());
        all.sort(Comparator.comparingLong(LoggedEvent::seq));
        return all;
    }

    private void forget(@Nullable LoggedEvent event) {
        if (event != null) {
            bytes -= event.json().length;
        }
    }
}
