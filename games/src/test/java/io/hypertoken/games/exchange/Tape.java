package io.hypertoken.games.exchange;

import io.hypertoken.random.Generator;

/// Recorded data made by hand, for tests.
final class Tape {
    static final int ITEM = 4151;
    static final long NOON = 1_767_614_400L; // 5 January 2026, 12:00 UTC

    private Tape() {}

    /// One item whose quotes never change.
    static BarColumns still(int windows, long low, long high, long volume) {
        var columns = new BarColumns(300, NOON, windows, ITEM);
        for (int k = 0; k < windows; k++) {
            columns.set(0, k, true, high, volume);
            columns.set(0, k, false, low, volume);
        }
        return columns;
    }

    /// Items that wobble around prices of their own, with gaps.
    ///
    /// @param spread between the quotes, as a share of the price
    /// @param noise of each quote, in spreads
    static BarColumns wobbling(
            int seconds, long start, int windows, double spread, double noise, long seed, int... ids) {
        var columns = new BarColumns(seconds, start, windows, ids);
        var random = Generator.seeded(seed);
        for (int item = 0; item < ids.length; item++) {
            double price = 50_000.0 * (item + 1);
            for (int k = 0; k < windows; k++) {
                for (boolean isHigh : new boolean[] {true, false}) {
                    double quote = price * (1 + spread * ((isHigh ? 0.5 : -0.5) + noise * random.standardNormal()));
                    if (random.random() < 0.9) {
                        columns.set(item, k, isHigh, Math.round(quote), 1 + random.integers(2000));
                    }
                }
            }
        }
        return columns;
    }

    /// The same until a time; every bar that ends later is another.
    static BarColumns rewrittenAfter(BarColumns columns, long time) {
        var rewritten = new BarColumns(columns.seconds(), columns.start(), columns.windows(), columns.ids());
        for (int item = 0; item < columns.items(); item++) {
            for (int k = 0; k < columns.windows(); k++) {
                boolean known = columns.start() + (k + 1L) * columns.seconds() <= time;
                for (boolean isHigh : new boolean[] {true, false}) {
                    long price = columns.price(item, k, isHigh);
                    long volume = columns.volume(item, k, isHigh);
                    rewritten.set(item, k, isHigh, known ? price : 7 * price + 3, known ? volume : volume + 11);
                }
            }
        }
        return rewritten;
    }
}
