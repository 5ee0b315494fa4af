package io.hypertoken.games.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Recorded data that episodes replay: the windows that agents trade in, and what is known of longer ones.
///
/// @param windows the bars that are played, one decision each
/// @param hours bars of one hour; null to make them of `windows` where those are shorter
/// @param days bars of 24 hours; null where there are none
/// @param items what is known of items beyond the table, or was otherwise when this was recorded: limits change
public record Recording(
        BarColumns windows,
        @Nullable BarColumns hours,
        @Nullable BarColumns days,
        Map<Integer, Item> items) {
    public Recording {
        items = Map.copyOf(items);
        requireLength(hours, Hours.SECONDS);
        requireLength(days, 24 * Hours.SECONDS);
    }

    /// Recorded bars of items that the table knows.
    public Recording(BarColumns windows, @Nullable BarColumns hours, @Nullable BarColumns days) {
        this(windows, hours, days, Map.of());
    }

    /// The item of an id, as it was when this was recorded.
    Item item(int id) {
        Item known = items.get(id);
        return known == null ? ItemTable.of(id) : known;
    }

    private static void requireLength(@Nullable BarColumns columns, int seconds) {
        if (columns != null && columns.seconds() != seconds) {
            throw new IllegalArgumentException(
                    "bars of " + columns.seconds() + " s stand where bars of " + seconds + " s belong; pass those");
        }
    }
}
