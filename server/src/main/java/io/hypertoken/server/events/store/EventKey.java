package io.hypertoken.server.events.store;

import org.jspecify.annotations.Nullable;

/// What filters and deduplication need to know of an event without reading it.
///
/// @param type the kind of event, such as `price_update`
/// @param agent whom it is about; null: nobody in particular
/// @param item what it is about, by name; null: no item, or one that only has a number
/// @param itemId what it is about, by number; [#NO_ITEM] if it has none
/// @param eventId the name its producer gave it, by which a repetition is known; null: it gave none
public record EventKey(
        String type,
        @Nullable String agent,
        @Nullable String item,
        long itemId,
        @Nullable String eventId) {
    /// The item number of an event that names none.
    public static final long NO_ITEM = -1;
}
