package io.hypertoken.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that happened in a row: its kind, and facts that JSON can carry.
///
/// @param type the kind of event, a lower-case word such as `trade_executed`; an open set
/// @param facts names to numbers, strings, booleans, nulls, lists and maps of these; in order
public record Event(String type, Map<String, @Nullable Object> facts) {
    public Event {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
