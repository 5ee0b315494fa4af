package io.hypertoken.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// numpy's `SeedSequence`: mixes any entropy, however poor, into as many well-spread state words as asked for.
///
/// The pool is numpy's default of four 32-bit words. Instances are not safe for use by several threads at once,
/// because [#spawn] counts its children.
///
/// Source: numpy 2.4, `numpy/random/bit_generator.pyx`, after M. E. O'Neill, *Developing a seed_seq Alternative*
/// (2015).
public final class SeedSequence {
    /// Words in the pool.
    static final int POOL = 4;

    private static final int INIT_A = 0x43b0d7e5;
    private static final int MULT_A = 0x931e8875;
    private static final int INIT_B = 0x8b51f9dd;
    private static final int MULT_B = 0x58f38ded;
    private static final int MIX_LEFT = 0xca01f9dd;
    private static final int MIX_RIGHT = 0x4973f715;

    private final int[] entropy;
    private final int[] spawnKey;
    private final int[] pool = new int[POOL];
    private int spawned;

    private SeedSequence(int[] entropy, int[] spawnKey) {
        this.entropy = entropy;
        this.spawnKey = spawnKey;
        int[] assembled = assemble();
        System.arraycopy(assembled, 0, pool, 0, Math.min(POOL, assembled.length));
        int hash = stir(pool);
        for (int source = POOL; source < assembled.length; source++) {
            for (int target = 0; target < POOL; target++) {
                pool[target] = mix(pool[target], hashed(assembled[source], hash));
                hash *= MULT_A;
            }
        }
    }

    /// The sequence of numpy's `SeedSequence(entropy)` for an int or a list of ints.
    ///
    /// As numpy does with Python ints, a value below 2^32 becomes one 32-bit word and a larger one two, low word
    /// first; so `of(7)` equals `of(new long[] {7})`, but `of(7, 0)` is another sequence with the same state as
    /// `of(7)` (short entropy is padded with zeros).
    ///
    /// @param entropy the values, each from 0 to 2^63−1; none at all is numpy's empty list, a fixed seed too
    /// @throws IllegalArgumentException if a value is negative
    public static SeedSequence of(long... entropy) {
        int[] words = new int[2 * entropy.length];
        int count = 0;
        for (long value : entropy) {
            requireSeed(value);
            words[count++] = (int) value;
            if (value >>> 32 != 0) {
                words[count++] = (int) (value >>> 32);
            }
        }
        return new SeedSequence(Arrays.copyOf(words, count), new int[0]);
    }

    /// The sequence of numpy's `SeedSequence(np.array(words, np.uint32))`, for entropy beyond 63 bits.
    ///
    /// @param words unsigned 32-bit words, lowest first
    public static SeedSequence ofWords(int... words) {
        return new SeedSequence(words.clone(), new int[0]);
    }

    /// numpy's `generate_state(words)`: the same words at every call.
    ///
    /// @return `words` unsigned 32-bit words
    public int[] generateState(int words) {
        int[] state = new int[words];
        expand(pool, state, 0, words);
        return state;
    }

    /// numpy's `generate_state(longs, np.uint64)`.
    ///
    /// @return `longs` unsigned 64-bit words
    public long[] generateLongState(int longs) {
        int[] words = generateState(2 * longs);
        long[] state = new long[longs];
        for (int i = 0; i < longs; i++) {
            state[i] = joined(words, 2 * i);
        }
        return state;
    }

    /// numpy's `spawn(children)`: independent sequences, each call continuing the count of the calls before it.
    public List<SeedSequence> spawn(int children) {
        List<SeedSequence> spawn = new ArrayList<>(children);
        for (int i = 0; i < children; i++) {
            int[] key = Arrays.copyOf(spawnKey, spawnKey.length + 1);
            key[spawnKey.length] = spawned++;
            spawn.add(new SeedSequence(entropy, key));
        }
        return List.copyOf(spawn);
    }

    /// A spawned sequence pads its entropy to the pool first, so that a short seed and a spawn key never read alike.
    private int[] assemble() {
        int length = spawnKey.length == 0 ? entropy.length : Math.max(POOL, entropy.length);
        int[] assembled = Arrays.copyOf(entropy, length + spawnKey.length);
        System.arraycopy(spawnKey, 0, assembled, length, spawnKey.length);
        return assembled;
    }

    /// Mixes a pool that holds its first entropy words (zeros where there are none), in place.
    ///
    /// @return the hash constant with which further entropy goes on
    static int stir(int[] pool) {
        int hash = INIT_A;
        for (int i = 0; i < POOL; i++) {
            pool[i] = hashed(pool[i], hash);
            hash *= MULT_A;
        }
        for (int source = 0; source < POOL; source++) {
            for (int target = 0; target < POOL; target++) {
                if (source != target) {
                    pool[target] = mix(pool[target], hashed(pool[source], hash));
                    hash *= MULT_A;
                }
            }
        }
        return hash;
    }

    /// Writes `count` state words of the pool at the head of `pool` into `words` from index `at`.
    static void expand(int[] pool, int[] words, int at, int count) {
        int hash = INIT_B;
        for (int i = 0; i < count; i++) {
            int word = pool[i % POOL] ^ hash;
            hash *= MULT_B;
            word *= hash;
            words[at + i] = word ^ (word >>> 16);
        }
    }

    /// The 64-bit word whose low half stands at `at`.
    static long joined(int[] words, int at) {
        return Integer.toUnsignedLong(words[at]) | ((long) words[at + 1] << 32);
    }

    static void requireSeed(long seed) {
        if (seed < 0) {
            throw new IllegalArgumentException(
                    "the seed " + seed + " was refused; a seed must not be negative; pass 0 or more");
        }
    }

    private static int hashed(int value, int hash) {
        int product = (value ^ hash) * (hash * MULT_A);
        return product ^ (product >>> 16);
    }

    private static int mix(int left, int right) {
        int mixed = MIX_LEFT * left - MIX_RIGHT * right;
        return mixed ^ (mixed >>> 16);
    }
}
