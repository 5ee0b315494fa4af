package io.hypertoken.games.exchange;

import java.util.Arrays;

/// Recorded bars of many items, all of one length: four columns an item, with an entry for each window.
///
/// A price of 0 says that it is not known: nobody traded on that side, or the window is missing. Immutable once it is
/// part of a [Recording], so that many environments read one.
public final class BarColumns {
    /// gp a unit, at most: twice the dearest item seen, and some.
    public static final long MOST_PRICE = Saved.MOST_PRICE / 2;

    /// Units in a window, at most.
    public static final long MOST_VOLUME = Market.MOST_VOLUME;

    private final int seconds;
    private final long start;
    private final int windows;
    private final int[] ids;
    private final long[][] high;
    private final long[][] low;
    private final long[][] highVolume;
    private final long[][] lowVolume;

    /// Columns in which nothing is known yet.
    ///
    /// @param seconds the length of a window
    /// @param start Unix seconds at which the first window begins
    /// @param windows how many there are
    /// @param ids the items' ids, rising
    /// @throws IllegalArgumentException if a number is not positive, the start no multiple of the length, or an id not
    ///     above the one before
    public BarColumns(int seconds, long start, int windows, int... ids) {
        if (seconds <= 0 || windows <= 0 || start < 0 || start % seconds != 0 || end(seconds, start, windows) < 0) {
            throw new IllegalArgumentException("there are no " + windows + " windows of " + seconds + " s from " + start
                    + " on; windows begin at multiples of their length and end before 2106; pass such");
        }
        for (int k = 0; k < ids.length; k++) {
            if (ids[k] < 0 || (k > 0 && ids[k] <= ids[k - 1])) {
                throw new IllegalArgumentException("item " + ids[k] + " stands at place " + k
                        + "; ids are not negative and rise, so that each is found; sort them");
            }
        }
        this.seconds = seconds;
        this.start = start;
        this.windows = windows;
        this.ids = ids.clone();
        high = new long[ids.length][windows];
        low = new long[ids.length][windows];
        highVolume = new long[ids.length][windows];
        lowVolume = new long[ids.length][windows];
    }

    private static long end(int seconds, long start, int windows) {
        long end = start + (long) seconds * windows;
        return end > Market.LAST_TIME ? -1 : end;
    }

    /// Tells a side of one window.
    ///
    /// @param item the item's place among the ids
    /// @param price gp a unit; 0 where it is not known
    /// @param volume units
    /// @throws IllegalArgumentException for a price or a volume that is negative or beyond all bounds
    public void set(int item, int window, boolean isHigh, long price, long volume) {
        if (price < 0 || price > MOST_PRICE || volume < 0 || volume > MOST_VOLUME) {
            throw new IllegalArgumentException("a price of " + price + " gp for " + volume + " units of item "
                    + ids[item] + " is not possible; prices are 0 to 2^35, volumes 0 to 2^40; leave it out");
        }
        (isHigh ? high : low)[item][window] = price;
        (isHigh ? highVolume : lowVolume)[item][window] = price == 0 ? 0 : volume;
    }

    /// The length of a window, in seconds.
    public int seconds() {
        return seconds;
    }

    /// Unix seconds at which the first window begins.
    public long start() {
        return start;
    }

    /// How many windows there are.
    public int windows() {
        return windows;
    }

    /// The items' ids, rising.
    public int[] ids() {
        return ids.clone();
    }

    /// The id of the item at a place.
    public int id(int item) {
        return ids[item];
    }

    /// How many items there are.
    public int items() {
        return ids.length;
    }

    /// An item's place among the ids; negative if it is not there.
    public int place(int id) {
        return Arrays.binarySearch(ids, id);
    }

    /// gp a unit on one side; 0 where it is not known.
    public long price(int item, int window, boolean isHigh) {
        return (isHigh ? high : low)[item][window];
    }

    /// Units traded on one side.
    public long volume(int item, int window, boolean isHigh) {
        return (isHigh ? highVolume : lowVolume)[item][window];
    }

    /// The last window that is over at a time; -1 where none is.
    int lastOver(long time) {
        return (int) Math.min(windows - 1, Math.floorDiv(time - start, (long) seconds) - 1);
    }

    /// Copies a window into bars.
    ///
    /// @param places the items, by their places here; a negative one is not known here
    void copy(int window, int[] places, Bars into) {
        into.start = start + (long) window * seconds;
        for (int i = 0; i < places.length; i++) {
            int item = places[i];
            into.high[i] = item < 0 ? 0 : high[item][window];
            into.low[i] = item < 0 ? 0 : low[item][window];
            into.highVolume[i] = item < 0 ? 0 : highVolume[item][window];
            into.lowVolume[i] = item < 0 ? 0 : lowVolume[item][window];
        }
    }
}
