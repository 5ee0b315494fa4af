package io.hypertoken.server.events.store;

import java.util.ArrayList;
import java.util.List;

/// Events that are being collected for one reader, up to its bounds. For one thread.
final class Answer {
    private final List<LoggedEvent> events = new ArrayList<>();
    private final int maxEvents;
    private long bytesLeft;

    Answer(int maxEvents, int maxBytes) {
        this.maxEvents = maxEvents;
        this.bytesLeft = maxBytes;
    }

    /// Takes an event if it still fits; the first one always does.
    ///
    /// @return whether there is room for more
    boolean add(LoggedEvent event) {
        bytesLeft -= event.json().length;
        if (!events.isEmpty() && bytesLeft < 0) {
            return false;
        }
        events.add(event);
        return hasRoom();
    }

    boolean hasRoom() {
        return bytesLeft > 0 && events.size() < maxEvents;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    List<LoggedEvent> events() {
        return events;
    }
}
