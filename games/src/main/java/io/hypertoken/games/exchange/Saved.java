package io.hypertoken.games.exchange;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Writes the numbers of a saved state, and reads them back where they lie in their ranges.
final class Saved {
    /// More gp a unit than any item will ever cost: four times the dearest seen, 9.2 billion, and some.
    static final long MOST_PRICE = 1L << 36;

    /// More gp than an episode can make of any start; products of it and a small number still fit a long.
    static final long MOST_COINS = 1L << 53;

    private Saved() {}

    static long whole(DataInput in, long low, long high, String what) throws IOException {
        long value = in.readLong();
        Snapshot.require(value >= low && value <= high, what + " is " + value);
        return value;
    }

    static double number(DataInput in, double low, double high, String what) throws IOException {
        double value = in.readDouble();
        Snapshot.require(value >= low && value <= high, what + " is " + value);
        return value;
    }

    static void write(DataOutput out, long[] values) throws IOException {
        for (long value : values) {
            out.writeLong(value);
        }
    }

    static void write(DataOutput out, int[] values) throws IOException {
        for (int value : values) {
            out.writeInt(value);
        }
    }

    static void write(DataOutput out, double[] values) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    static void read(DataInput in, long[] into, long low, long high, String what) throws IOException {
        for (int k = 0; k < into.length; k++) {
            into[k] = whole(in, low, high, what);
        }
    }

    static void read(DataInput in, int[] into, int low, int high, String what) throws IOException {
        for (int k = 0; k < into.length; k++) {
            int value = in.readInt();
            Snapshot.require(value >= low && value <= high, what + " is " + value);
            into[k] = value;
        }
    }

    static void read(DataInput in, double[] into, double low, double high, String what) throws IOException {
        for (int k = 0; k < into.length; k++) {
            into[k] = number(in, low, high, what);
        }
    }
}
