package io.hypertoken.app.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What there is to say of an import.
///
/// @param ignored kinds of bars that a recording does not hold
/// @param items how many items the mappings told of
record ImportSummary(SavedFiles saved, Collection<Fill> fills, Collection<Window> ignored, int items) {
    private static final int MINUTE = 16; // characters of 2026-01-05 12:00

    List<String> bars() {
        return fills.stream().map(ImportSummary::line).toList();
    }

    private static String line(Fill fill) {
        long start = fill.columns.start();
        long end = start + (long) fill.columns.windows() * fill.window.seconds();
        return String.format(
                Locale.ROOT,
                "%-4s %,d items, %,d windows from %s to %s UTC; %,d windows missing, no trade on %.1f %% of sides",
                fill.window.word(),
                fill.columns.items(),
                fill.columns.windows(),
                time(start),
                time(end),
                fill.holes(),
                100 * fill.unknown());
    }

    List<String> notes() {
        var notes = new ArrayList<String>();
        if (items > 0) {
            notes.add(String.format(Locale.ROOT, "names and limits of %,d items from their mapping", items));
        }
        int again = fills.stream().mapToInt(fill -> fill.again).sum();
        if (again > 0) {
            notes.add(String.format(Locale.ROOT, "%,d prices were told twice, and alike", again));
        }
        int overruled = fills.stream().mapToInt(fill -> fill.overruled).sum();
        if (overruled > 0) {
            notes.add(String.format(
                    Locale.ROOT, "%,d prices were told otherwise by a later file, and replaced", overruled));
        }
        if (!ignored.isEmpty()) {
            notes.add(
                    "left out windows of " + ignored.stream().map(Window::word).collect(Collectors.joining(", "))
                            + ": beside the windows to play (--play), those of 1h and 24h are kept");
        }
        if (saved.others() > 0) {
            notes.add(saved.others() + " other files in the folders were left alone");
        }
        return notes;
    }

    /// A time in UTC, to the minute.
    static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).toString().substring(0, MINUTE).replace('T', ' ');
    }
}
