package io.hypertoken.games.exchange;

import java.util.Map;
import java.util.stream.IntStream;
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

    /// Bars of one hour: those that were recorded, or else made of shorter windows; null where these are not shorter.
    public @Nullable BarColumns inHours() {
        return hours != null || windows.seconds() >= Hours.SECONDS ? hours : made(windows);
    }

    private static @Nullable BarColumns made(BarColumns windows) {
        long first = Math.ceilDiv(windows.start(), (long) Hours.SECONDS);
        long end = (windows.start() + (long) windows.windows() * windows.seconds()) / Hours.SECONDS;
        if (end <= first) {
            return null;
        }
        int[] ids = windows.ids();
        var made = new BarColumns(Hours.SECONDS, first * Hours.SECONDS, (int) (end - first), ids);
        var bars = new Bars(ids.length, windows.seconds());
        var hours = new Hours(ids.length);
        int[] places = IntStream.range(0, ids.length).toArray();
        for (int k = 0; k < windows.windows(); k++) {
            windows.copy(k, places, bars);
            long before = hours.last().start;
            hours.add(bars);
            Bars hour = hours.last();
            if (hour.start != before) {
                int into = (int) (hour.start / Hours.SECONDS - first);
                for (int item = 0; item < ids.length; item++) {
                    made.set(item, into, true, hour.high[item], hour.highVolume[item]);
                    made.set(item, into, false, hour.low[item], hour.lowVolume[item]);
                }
            }
        }
        return made;
    }

    private static void requireLength(@Nullable BarColumns columns, int seconds) {
        if (columns != null && columns.seconds() != seconds) {
            throw new IllegalArgumentException(
                    "bars of " + columns.seconds() + " s stand where bars of " + seconds + " s belong; pass those");
        }
    }
}
