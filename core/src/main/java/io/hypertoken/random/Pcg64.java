package io.hypertoken.random;

import java.util.random.RandomGenerator;

/// numpy's bit source `PCG64`: a 128-bit linear congruential generator with the XSL-RR output function.
///
/// It also holds the half of a 64-bit output that a 32-bit draw left over: 64-bit draws pass it by, the next 32-bit
/// draw takes it. Nothing here allocates, except [#state()]. Not safe for use by several threads at once.
///
/// Source: numpy 2.4, `numpy/random/src/pcg64`; M. E. O'Neill, *PCG: A Family of Simple Fast Space-Efficient
/// Statistically Good Algorithms for Random Number Generation* (2014).
public abstract sealed class Pcg64 implements RandomGenerator permits Generator {
    /// Longs in a saved state.
    public static final int STATE_LONGS = 5;

    private static final long MULTIPLIER_HIGH = 2549297995355413924L;
    private static final long MULTIPLIER_LOW = 4865540595714422341L;
    private static final long UNSIGNED_INT = 0xffff_ffffL;

    private long stateHigh;
    private long stateLow;
    private long incrementHigh;
    private long incrementLow;
    private boolean halfReady;
    private int half;

    /// The pool and, behind it, the eight words made of it: kept so that reseeding allocates nothing.
    private final int[] seeding = new int[SeedSequence.POOL + 8];

    Pcg64() {}

    /// Starts anew as `default_rng(seed)` does, in place.
    ///
    /// @param seed 0 to 2^63−1
    /// @throws IllegalArgumentException if the seed is negative; the state stays as it was
    public final void reseed(long seed) {
        SeedSequence.requireSeed(seed);
        seeding[0] = (int) seed;
        seeding[1] = (int) (seed >>> 32);
        seeding[2] = 0;
        seeding[3] = 0;
        SeedSequence.stir(seeding);
        SeedSequence.expand(seeding, seeding, SeedSequence.POOL, 8);
        start(
                SeedSequence.joined(seeding, 4),
                SeedSequence.joined(seeding, 6),
                SeedSequence.joined(seeding, 8),
                SeedSequence.joined(seeding, 10));
    }

    /// Starts anew as `default_rng(sequence)` does.
    public final void reseed(SeedSequence sequence) {
        long[] words = sequence.generateLongState(4);
        start(words[0], words[1], words[2], words[3]);
    }

    private void start(long seedHigh, long seedLow, long streamHigh, long streamLow) {
        incrementHigh = (streamHigh << 1) | (streamLow >>> 63);
        incrementLow = (streamLow << 1) | 1;
        // From state 0 one step leaves the increment; the seed is added to it before the second step.
        stateLow = incrementLow + seedLow;
        stateHigh = incrementHigh + seedHigh + carry(stateLow, seedLow);
        halfReady = false;
        half = 0;
        nextLong();
    }

    /// The next 64 bits: numpy's `bit_generator.random_raw()`, or `integers(0, 2**64, dtype=np.uint64)`.
    @Override
    public final long nextLong() {
        long low = stateLow;
        long high = Math.unsignedMultiplyHigh(low, MULTIPLIER_LOW)
                + stateHigh * MULTIPLIER_LOW
                + low * MULTIPLIER_HIGH
                + incrementHigh;
        low = low * MULTIPLIER_LOW + incrementLow;
        high += carry(low, incrementLow);
        stateHigh = high;
        stateLow = low;
        return Long.rotateRight(high ^ low, (int) (high >>> 58));
    }

    /// The next 32 bits: `integers(0, 2**32, dtype=np.uint32)`, the low half of an output first, its high half next.
    @Override
    public final int nextInt() {
        if (halfReady) {
            halfReady = false;
            return half;
        }
        long next = nextLong();
        halfReady = true;
        half = (int) (next >>> 32);
        return (int) next;
    }

    /// numpy's `random()`: 53 bits, in [0, 1).
    @Override
    public final double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /// numpy's `random(dtype=np.float32)`: 24 bits, in [0, 1).
    @Override
    public final float nextFloat() {
        return (nextInt() >>> 8) * 0x1.0p-24f;
    }

    /// numpy's `integers(2, dtype=bool)`.
    @Override
    public final boolean nextBoolean() {
        return (nextInt() & 1) != 0;
    }

    /// numpy's `bytes(bytes.length)`: little-endian 32-bit draws, at least one of them.
    @Override
    public final void nextBytes(byte[] bytes) {
        int draws = (bytes.length - 1) / 4 + 1; // (0 - 1) / 4 is 0: numpy, too, draws once for no bytes
        for (int draw = 0; draw < draws; draw++) {
            int bits = nextInt();
            for (int at = 4 * draw; at < Math.min(4 * draw + 4, bytes.length); at++) {
                bytes[at] = (byte) bits;
                bits >>>= 8;
            }
        }
    }

    /// A draw from [0, span], both unsigned: in 32 bits where the span fits, else in 64; nothing is drawn for span 0.
    final long bounded(long span) {
        if (span == 0) {
            return 0;
        }
        if (span >>> 32 == 0) {
            return span == UNSIGNED_INT ? nextInt() & UNSIGNED_INT : bounded32(span + 1);
        }
        return span == -1 ? nextLong() : bounded64(span + 1);
    }

    /// Lemire's method, *Fast Random Integer Generation in an Interval* (2019), from 32-bit draws.
    ///
    /// @param range 1 to 2^32−1; the draw lies in [0, range)
    final long bounded32(long range) {
        long product = (nextInt() & UNSIGNED_INT) * range;
        if ((product & UNSIGNED_INT) < range) {
            long threshold = (UNSIGNED_INT + 1 - range) % range;
            while ((product & UNSIGNED_INT) < threshold) {
                product = (nextInt() & UNSIGNED_INT) * range;
            }
        }
        return product >>> 32;
    }

    /// The same method from 64-bit draws; the range is unsigned.
    private long bounded64(long range) {
        long bits = nextLong();
        long leftover = bits * range;
        if (Long.compareUnsigned(leftover, range) < 0) {
            long threshold = Long.remainderUnsigned(-range, range);
            while (Long.compareUnsigned(leftover, threshold) < 0) {
                bits = nextLong();
                leftover = bits * range;
            }
        }
        return Math.unsignedMultiplyHigh(bits, range);
    }

    /// A draw from [0, last] by masking and rejection, which numpy's shuffle uses in place of Lemire's method.
    final int masked(int last) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(last);
        int value = nextInt() & mask;
        while (value > last) {
            value = nextInt() & mask;
        }
        return value;
    }

    /// The state as [#STATE_LONGS] longs: state high and low, increment high and low (as in numpy's
    /// `bit_generator.state`), then `has_uint32 << 32 | uinteger`.
    public final long[] state() {
        long[] state = new long[STATE_LONGS];
        save(state, 0);
        return state;
    }

    /// Writes the longs of [#state()] into `into` from index `at`.
    public final void save(long[] into, int at) {
        into[at] = stateHigh;
        into[at + 1] = stateLow;
        into[at + 2] = incrementHigh;
        into[at + 3] = incrementLow;
        into[at + 4] = (halfReady ? UNSIGNED_INT + 1 : 0) | (half & UNSIGNED_INT);
    }

    /// Goes on where the saved state `state` stood.
    ///
    /// @throws IllegalArgumentException if these longs are no saved state; this one stays as it was
    public final void restore(long[] state) {
        restore(state, 0);
    }

    /// Goes on where the state saved in `from` at index `at` stood; see [#restore(long[])].
    public final void restore(long[] from, int at) {
        if ((from[at + 3] & 1) == 0 || from[at + 4] >>> 33 != 0) {
            throw new IllegalArgumentException("a generator's saved state was refused;"
                    + " its increment must be odd and its buffered half at most 33 bits;"
                    + " pass the " + STATE_LONGS + " longs that state() gave");
        }
        stateHigh = from[at];
        stateLow = from[at + 1];
        incrementHigh = from[at + 2];
        incrementLow = from[at + 3];
        halfReady = from[at + 4] >>> 32 != 0;
        half = (int) from[at + 4];
    }

    /// 1 if the unsigned sum, of which `part` is one part, went over 64 bits.
    private static long carry(long sum, long part) {
        return Long.compareUnsigned(sum, part) < 0 ? 1 : 0;
    }
}
