package io.hypertoken.random;

import java.util.Arrays;

/// numpy's `default_rng(seed)` in Java: the same seed and the same calls give the same numbers, bit for bit.
///
/// ```java
/// var random = Generator.seeded(42);           // rng = np.random.default_rng(42)
/// double share = random.random();              // rng.random()
/// int face = random.integers(1, 7);            // rng.integers(1, 7)
/// int[] order = random.permutation(52);        // rng.permutation(52)
/// ```
/// Every method says which numpy call it equals. Both sides must make the same calls in the same order: two 32-bit
/// draws share one 64-bit output, even when other calls come between them.
/// Of [java.util.random.RandomGenerator]'s methods, those declared here and in [Pcg64] equal numpy's too; the others
/// (bounded `nextDouble` and `nextFloat`, all streams) are Java's own.
///
/// numpy itself differs in the last bit between platforms where its C compiler fuses a multiplication with an addition
/// (`uniform` and `normal` on ARM) or its C library rounds `log1p` otherwise (the tail of the ziggurats, 1 draw in
/// 4000). These are the bits of numpy on x86-64 Linux, and they are the same on every machine that runs Java.
///
/// Scalar draws allocate nothing. Not safe for use by several threads at once.
///
/// Source: numpy 2.4, `numpy/random/_generator.pyx` and `src/distributions/distributions.c`.
public final class Generator extends Pcg64 {
    private Generator() {}

    /// numpy's `default_rng(seed)`.
    ///
    /// @param seed 0 to 2^63−1
    /// @throws IllegalArgumentException if the seed is negative
    public static Generator seeded(long seed) {
        var generator = new Generator();
        generator.reseed(seed);
        return generator;
    }

    /// numpy's `default_rng([entropy…])`, such as `default_rng([seed, 1])`; see [SeedSequence#of].
    ///
    /// @throws IllegalArgumentException if a value is negative
    public static Generator seeded(long... entropy) {
        return seeded(SeedSequence.of(entropy));
    }

    /// numpy's `default_rng(sequence)`.
    public static Generator seeded(SeedSequence sequence) {
        var generator = new Generator();
        generator.reseed(sequence);
        return generator;
    }

    /// A generator of its own in the same state: both draw the same numbers from here on.
    public Generator copy() {
        var copy = new Generator();
        copy.restore(state());
        return copy;
    }

    // --- Reals ---

    /// numpy's `random()`: uniform in [0, 1), a multiple of 2^−53.
    public double random() {
        return nextDouble();
    }

    /// numpy's `random(size)`: fills the array.
    public void random(double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = nextDouble();
        }
    }

    /// numpy's `uniform(low, high)`: in [low, high), where rounding may reach `high`.
    ///
    /// @throws IllegalArgumentException if `high - low` is negative or not finite
    public double uniform(double low, double high) {
        double range = high - low;
        if (!(range >= 0 && range <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("uniform refused low=" + low + ", high=" + high
                    + "; high - low must be finite and not negative; pass a high from low upwards");
        }
        return low + range * nextDouble();
    }

    /// numpy's `standard_normal()`: mean 0, standard deviation 1.
    public double standardNormal() {
        return Ziggurat.normal(this);
    }

    /// numpy's `standard_normal(size)`: fills the array.
    public void standardNormal(double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = Ziggurat.normal(this);
        }
    }

    /// numpy's `normal(loc, scale)`.
    ///
    /// @param loc the mean
    /// @param scale the standard deviation
    /// @throws IllegalArgumentException if `scale` is negative
    public double normal(double loc, double scale) {
        if (scale < 0) {
            throw new IllegalArgumentException(
                    "normal refused scale=" + scale + "; a standard deviation must not be negative; pass 0 or more");
        }
        return loc + scale * Ziggurat.normal(this);
    }

    /// numpy's `standard_exponential()`: mean 1.
    public double standardExponential() {
        return Ziggurat.exponential(this);
    }

    @Override
    public double nextGaussian() {
        return standardNormal();
    }

    @Override
    public double nextGaussian(double mean, double stddev) {
        return normal(mean, stddev);
    }

    @Override
    public double nextExponential() {
        return standardExponential();
    }

    // --- Integers ---

    /// numpy's `integers(high)`: in [0, high). One value, `high` 1, draws nothing.
    ///
    /// @throws IllegalArgumentException if `high` is not positive
    public int integers(int high) {
        if (high <= 0) {
            throw noIntegers(0, high);
        }
        return high == 1 ? 0 : (int) bounded32(high);
    }

    /// numpy's `integers(high)`: in [0, high).
    ///
    /// @throws IllegalArgumentException if `high` is not positive
    public long integers(long high) {
        return integers(0, high);
    }

    /// numpy's `integers(low, high)`: in [low, high).
    ///
    /// @throws IllegalArgumentException if `low` is not below `high`
    public int integers(int low, int high) {
        return (int) integers((long) low, high);
    }

    /// numpy's `integers(low, high)`: in [low, high).
    ///
    /// @throws IllegalArgumentException if `low` is not below `high`
    public long integers(long low, long high) {
        if (low >= high) {
            throw noIntegers(low, high);
        }
        return low + bounded(high - 1 - low);
    }

    /// numpy's `integers(low, high, endpoint=True)`: in [low, high], which may be all longs.
    ///
    /// @throws IllegalArgumentException if `low` is above `high`
    public long integersInclusive(long low, long high) {
        if (low > high) {
            throw new IllegalArgumentException("integers refused low=" + low + ", high=" + high
                    + "; low must not be above the inclusive high; pass a higher high");
        }
        return low + bounded(high - low);
    }

    /// numpy's `integers(low, high, size)`.
    ///
    /// @throws IllegalArgumentException if `low` is not below `high`, unless `size` is 0
    public long[] integers(long low, long high, int size) {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = integers(low, high);
        }
        return values;
    }

    /// numpy's `integers(low, high, size, dtype=np.int32)`, which draws as its int64 does; fills the array.
    ///
    /// @throws IllegalArgumentException if `low` is not below `high`, unless the array is empty
    public void integers(int[] into, int low, int high) {
        for (int i = 0; i < into.length; i++) {
            into[i] = integers(low, high);
        }
    }

    /// numpy's `integers(low, high, size, dtype=np.int16)`, or uint16 where `high` needs it; fills the array.
    /// Two values share a 32-bit draw within one call.
    ///
    /// @throws IllegalArgumentException if [low, high) is empty or does not fit 16 bits, unless the array is empty
    public void integers(short[] into, int low, int high) {
        NarrowIntegers.fill(this, into, low, high);
    }

    /// numpy's `integers(low, high, size, dtype=np.int8)`, or uint8 where `high` needs it; fills the array.
    /// Four values share a 32-bit draw within one call.
    ///
    /// @throws IllegalArgumentException if [low, high) is empty or does not fit 8 bits, unless the array is empty
    public void integers(byte[] into, int low, int high) {
        NarrowIntegers.fill(this, into, low, high);
    }

    /// numpy's `integers(2, size=size, dtype=bool)`; fills the array. 32 values share a draw within one call.
    public void booleans(boolean[] into) {
        NarrowIntegers.fill(this, into);
    }

    /// Equals [#integers(int)].
    @Override
    public int nextInt(int bound) {
        return integers(bound);
    }

    /// Equals [#integers(int, int)].
    @Override
    public int nextInt(int origin, int bound) {
        return integers(origin, bound);
    }

    /// Equals [#integers(long)].
    @Override
    public long nextLong(long bound) {
        return integers(bound);
    }

    /// Equals [#integers(long, long)].
    @Override
    public long nextLong(long origin, long bound) {
        return integers(origin, bound);
    }

    /// Apart from the checks, so that these stay small enough to be inlined.
    static IllegalArgumentException noIntegers(long low, long high) {
        return new IllegalArgumentException("integers refused low=" + low + ", high=" + high
                + "; low must be below high, which is never drawn itself; pass a higher high");
    }

    // --- Order ---

    /// numpy's `shuffle(values)`, in place.
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = masked(i);
            int value = values[j];
            values[j] = values[i];
            values[i] = value;
        }
    }

    /// numpy's `shuffle(values)`, in place.
    public void shuffle(long[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = masked(i);
            long value = values[j];
            values[j] = values[i];
            values[i] = value;
        }
    }

    /// numpy's `shuffle(values)`, in place.
    public void shuffle(double[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = masked(i);
            double value = values[j];
            values[j] = values[i];
            values[i] = value;
        }
    }

    /// numpy's `shuffle(values)`, in place.
    public void shuffle(Object[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = masked(i);
            Object value = values[j];
            values[j] = values[i];
            values[i] = value;
        }
    }

    /// numpy's `permutation(n)`: 0 to n − 1 in random order.
    ///
    /// @throws NegativeArraySizeException if `n` is negative
    public int[] permutation(int n) {
        int[] values = Choice.ascending(n);
        shuffle(values);
        return values;
    }

    /// numpy's `permutation(values)`: a shuffled copy.
    public int[] permutation(int[] values) {
        int[] copy = values.clone();
        shuffle(copy);
        return copy;
    }

    // --- Choice ---

    /// numpy's `choice(n)`: one of 0 to n − 1.
    ///
    /// @throws IllegalArgumentException if `n` is not positive
    public int choice(int n) {
        Choice.requirePopulation(n, 1);
        return integers(n);
    }

    /// numpy's `choice(values)`: one of them.
    ///
    /// @throws IllegalArgumentException if there is none
    public int choice(int[] values) {
        return values[choice(values.length)];
    }

    /// numpy's `choice(values)`: one of them.
    ///
    /// @throws IllegalArgumentException if there is none
    public <T> T choice(T[] values) {
        return values[choice(values.length)];
    }

    /// numpy's `choice(len(p), p=p)`: i with the probability `p[i]`. Allocates nothing.
    ///
    /// @param p probabilities, not negative, that sum to 1 (within 1.5e−8)
    /// @throws IllegalArgumentException if `p` is no distribution
    public int weightedChoice(double[] p) {
        return Choice.weighted(this, p);
    }

    /// numpy's `choice(n, size)`: with replacement.
    ///
    /// @throws IllegalArgumentException if `n` is not positive, unless both `n` and `size` are 0
    public int[] choice(int n, int size) {
        Choice.requirePopulation(n, size);
        int[] picks = new int[size];
        integers(picks, 0, n);
        return picks;
    }

    /// numpy's `choice(n, size, replace=False, shuffle=shuffled)`: no value twice.
    ///
    /// @param shuffled whether every order of the picks is equally likely; unordered is faster
    /// @throws IllegalArgumentException if `size` is above `n`, or `n` is not positive, unless both are 0
    public int[] sample(int n, int size, boolean shuffled) {
        return Choice.distinct(this, n, size, shuffled);
    }

    /// numpy's `choice(values, size, replace=False)`: no element twice, in random order.
    ///
    /// @throws IllegalArgumentException if `size` is above their number
    public <T> T[] sample(T[] values, int size) {
        int[] picks = Choice.distinct(this, values.length, size, true);
        T[] chosen = Arrays.copyOf(values, size);
        for (int i = 0; i < size; i++) {
            chosen[i] = values[picks[i]];
        }
        return chosen;
    }

    /// numpy's `choice(len(p), size, p=p)`: with replacement, i with the probability `p[i]`.
    ///
    /// @throws IllegalArgumentException if `p` is no distribution; see [#weightedChoice(double[])]
    public int[] weightedChoice(double[] p, int size) {
        return Choice.weighted(this, p, size);
    }

    /// numpy's `choice(len(p), size, replace=False, p=p)`: no value twice.
    ///
    /// @throws IllegalArgumentException if `p` is no distribution, or has fewer than `size` positive entries
    public int[] weightedSample(double[] p, int size) {
        return Choice.weightedDistinct(this, p, size);
    }

    @Override
    public String toString() {
        return "Generator(PCG64)";
    }
}
