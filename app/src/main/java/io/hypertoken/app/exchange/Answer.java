package io.hypertoken.app.exchange;

import io.hypertoken.games.exchange.Item;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What one saved answer of the prices API says: rows of what an item was traded for from some time on.
///
/// A price of 0 is one that is not known. One object is filled again for each answer.
final class Answer {
    /// The API's four forms.
    enum Kind {
        /// `/5m` and its like: many items, one window.
        WINDOW,
        /// `/timeseries`: one item, many windows.
        SERIES,
        /// `/latest`: the last trade on each side of many items; a row tells one side, and starts when it happened.
        LATEST,
        /// `/mapping`: what items there are.
        MAPPING
    }

    /// Rows of one answer, at most: more than there are items or points.
    static final int MOST_ROWS = 1_000_000;

    Kind kind = Kind.WINDOW;

    /// When a window began, in Unix seconds; -1 for the other forms.
    long timestamp;

    int size;
    int[] ids = new int[4096];
    long[] starts = new long[4096];
    long[] high = new long[4096];
    long[] highVolume = new long[4096];
    long[] low = new long[4096];
    long[] lowVolume = new long[4096];

    /// What a mapping tells.
    final Map<Integer, Item> items = new HashMap<>();

    void clear() {
        timestamp = -1;
        size = 0;
        items.clear();
    }

    void add(int id, long start, long highPrice, long highUnits, long lowPrice, long lowUnits) {
        if (size == ids.length) {
            int more = Math.min(MOST_ROWS, 2 * size);
            ids = Arrays.copyOf(ids, more);
            starts = Arrays.copyOf(starts, more);
            high = Arrays.copyOf(high, more);
            highVolume = Arrays.copyOf(highVolume, more);
            low = Arrays.copyOf(low, more);
            lowVolume = Arrays.copyOf(lowVolume, more);
        }
        ids[size] = id;
        starts[size] = start;
        high[size] = highPrice;
        highVolume[size] = highUnits;
        low[size] = lowPrice;
        lowVolume[size] = lowUnits;
        size++;
    }

    /// The latest start of a row; -1 if there is none.
    long newest() {
        long newest = -1;
        for (int k = 0; k < size; k++) {
            newest = Math.max(newest, starts[k]);
        }
        return newest;
    }
}
