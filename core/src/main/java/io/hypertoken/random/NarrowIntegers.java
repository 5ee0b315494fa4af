package io.hypertoken.random;

/// Integers of 16, 8 and 1 bits: numpy cuts several of them from one 32-bit draw, and forgets the rest after each call.
///
/// Source: numpy 2.4, `random_bounded_uint16_fill` and its siblings in `src/distributions/distributions.c`.
final class NarrowIntegers {
    private final Pcg64 source;
    private final int bits;
    private final int mask;
    private int draw;
    private int piecesLeft;

    private NarrowIntegers(Pcg64 source, int bits) {
        this.source = source;
        this.bits = bits;
        this.mask = (1 << bits) - 1;
    }

    static void fill(Pcg64 source, short[] into, int low, int high) {
        if (into.length == 0) {
            return;
        }
        requireRange(low, high, 16);
        var pieces = new NarrowIntegers(source, 16);
        for (int i = 0; i < into.length; i++) {
            into[i] = (short) (low + pieces.bounded(high - low));
        }
    }

    static void fill(Pcg64 source, byte[] into, int low, int high) {
        if (into.length == 0) {
            return;
        }
        requireRange(low, high, 8);
        var pieces = new NarrowIntegers(source, 8);
        for (int i = 0; i < into.length; i++) {
            into[i] = (byte) (low + pieces.bounded(high - low));
        }
    }

    static void fill(Pcg64 source, boolean[] into) {
        var pieces = new NarrowIntegers(source, 1);
        for (int i = 0; i < into.length; i++) {
            into[i] = pieces.next() != 0;
        }
    }

    private static void requireRange(int low, int high, int bits) {
        if (low >= high) {
            throw Generator.noIntegers(low, high);
        }
        int values = 1 << bits;
        boolean signed = low >= -values / 2 && high <= values / 2;
        boolean unsigned = low >= 0 && high <= values;
        if (!signed && !unsigned) {
            throw new IllegalArgumentException("integers refused low=" + low + ", high=" + high
                    + "; all values must fit " + bits + " bits, signed or unsigned; pass a wider array");
        }
    }

    /// Lemire's method in `bits` bits.
    private int bounded(int range) {
        if (range == 1) {
            return 0;
        }
        if (range == mask + 1) {
            return next();
        }
        int product = next() * range;
        if ((product & mask) < range) {
            int threshold = (mask + 1 - range) % range;
            while ((product & mask) < threshold) {
                product = next() * range;
            }
        }
        return product >>> bits;
    }

    private int next() {
        if (piecesLeft == 0) {
            draw = source.nextInt();
            piecesLeft = 32 / bits;
        } else {
            draw >>>= bits;
        }
        piecesLeft--;
        return draw & mask;
    }
}
