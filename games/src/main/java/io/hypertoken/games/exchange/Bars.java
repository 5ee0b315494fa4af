package io.hypertoken.games.exchange;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// What happened to every item in one window of time: the averages that the prices API tells.
///
/// A price of 0 says that nobody traded on that side, so that there is none; no item costs less than 1 gp.
final class Bars {
    /// How long the window is, in seconds.
    final int seconds;

    /// gp a unit that instant buyers paid: `avgHighPrice`.
    final long[] high;
    /// gp a unit that instant sellers got: `avgLowPrice`.
    final long[] low;
    /// Units bought instantly: `highPriceVolume`.
    final long[] highVolume;
    /// Units sold instantly: `lowPriceVolume`.
    final long[] lowVolume;

    /// Unix seconds at which the window begins.
    long start;

    Bars(int items, int seconds) {
        this.seconds = seconds;
        high = new long[items];
        low = new long[items];
        highVolume = new long[items];
        lowVolume = new long[items];
    }

    int items() {
        return high.length;
    }

    /// Unix seconds at which the window is over, and seen.
    long end() {
        return start + seconds;
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(start);
        Saved.write(out, high);
        Saved.write(out, low);
        Saved.write(out, highVolume);
        Saved.write(out, lowVolume);
    }

    void load(DataInput in) throws IOException {
        start = Saved.whole(in, 0, Market.LAST_TIME, "a window's start");
        Saved.read(in, high, 0, Saved.MOST_PRICE, "a price");
        Saved.read(in, low, 0, Saved.MOST_PRICE, "a price");
        Saved.read(in, highVolume, 0, Market.MOST_VOLUME, "a volume");
        Saved.read(in, lowVolume, 0, Market.MOST_VOLUME, "a volume");
    }
}
