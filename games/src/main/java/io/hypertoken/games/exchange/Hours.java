package io.hypertoken.games.exchange;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// Makes the bars of hours from the windows that they consist of.
final class Hours {
    static final int SECONDS = 3600;

    private final Bars hour;
    private final double[] highSum;
    private final double[] lowSum;
    private final long[] highVolume;
    private final long[] lowVolume;

    /// Whether the running hour was seen from its beginning.
    private boolean whole;

    Hours(int items) {
        hour = new Bars(items, SECONDS);
        highSum = new double[items];
        lowSum = new double[items];
        highVolume = new long[items];
        lowVolume = new long[items];
    }

    /// The last whole hour.
    Bars last() {
        return hour;
    }

    void clear() {
        hour.start = 0;
        whole = false;
        forget();
    }

    private void forget() {
        Arrays.fill(highSum, 0);
        Arrays.fill(lowSum, 0);
        Arrays.fill(highVolume, 0);
        Arrays.fill(lowVolume, 0);
    }

    /// Adds a window, no longer than an hour, which divides it.
    void add(Bars window) {
        if (window.start % SECONDS == 0) {
            whole = true;
            forget();
        }
        if (!whole) {
            return;
        }
        long[] highs = window.high;
        long[] lows = window.low;
        long[] highVolumes = window.highVolume;
        long[] lowVolumes = window.lowVolume;
        for (int i = 0; i < highSum.length; i++) {
            highSum[i] += (double) highs[i] * highVolumes[i];
            lowSum[i] += (double) lows[i] * lowVolumes[i];
            highVolume[i] += highVolumes[i];
            lowVolume[i] += lowVolumes[i];
        }
        if (window.end() % SECONDS == 0) {
            close(window.end() - SECONDS);
        }
    }

    private void close(long start) {
        hour.start = start;
        for (int i = 0; i < highSum.length; i++) {
            hour.high[i] = highVolume[i] == 0 ? 0 : Math.round(highSum[i] / highVolume[i]);
            hour.low[i] = lowVolume[i] == 0 ? 0 : Math.round(lowSum[i] / lowVolume[i]);
            hour.highVolume[i] = highVolume[i];
            hour.lowVolume[i] = lowVolume[i];
        }
        whole = false;
    }

    void save(DataOutput out) throws IOException {
        hour.save(out);
        out.writeBoolean(whole);
        Saved.write(out, highSum);
        Saved.write(out, lowSum);
        Saved.write(out, highVolume);
        Saved.write(out, lowVolume);
    }

    void load(DataInput in) throws IOException {
        hour.load(in);
        whole = in.readBoolean();
        double most = (double) Saved.MOST_PRICE * Market.MOST_VOLUME;
        Saved.read(in, highSum, 0, most, "an hour's turnover");
        Saved.read(in, lowSum, 0, most, "an hour's turnover");
        Saved.read(in, highVolume, 0, Market.MOST_VOLUME, "an hour's volume");
        Saved.read(in, lowVolume, 0, Market.MOST_VOLUME, "an hour's volume");
    }
}
