package io.hypertoken.event;

import java.util.Map;

/// Something that happened in a row: its kind, and facts that JSON can carry.
///
/// @param type the kind of event, a lower-case word such as `trade_executed`; an open set
/// @param facts names to numbers, strings, booleans, lists and maps of these
public record Event(String type, Map<String, Object> facts) {
    public Event {
        facts = Map.copyOf(facts);
    }
}
