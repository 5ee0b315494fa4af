package io.hypertoken.engine;

import io.hypertoken.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The events of one block of rows, kept until its step is over.
final class RowEvents {
    /// An event and where it happened.
    record Entry(int row, long episode, long step, Event event) {}

    private final List<Entry> entries = new ArrayList<>();

    int count() {
        return entries.size();
    }

    void add(int row, long episode, long step, Event event) {
        entries.add(new Entry(row, episode, step, event));
    }

    /// Forgets all but the first `count`.
    void cut(int count) {
        if (entries.size() > count) {
            entries.subList(count, entries.size()).clear();
        }
    }

    /// All of them in row order, each row's as they happened: a block resets some rows before it steps the others, and
    /// some after.
    List<Entry> take() {
        var taken = new ArrayList<>(entries);
        entries.clear();
        taken.sort(Comparator.comparingInt(Entry::row));
        return taken;
    }
}
