package io.hypertoken.server.events;

import io.hypertoken.event.Event;
import java.util.Map;

/// Events of this process.
final class Events {
    private Events() {}

    static Event numbered(String type, long number) {
        return new Event(type, Map.of("n", number));
    }
}
