package io.hypertoken.random;

import java.util.Arrays;

/// How numpy's `choice` samples, each way with the very draws that numpy makes.
///
/// Source: numpy 2.4, `Generator.choice` in `numpy/random/_generator.pyx`.
final class Choice {
    /// Below this population Floyd's method always serves; above it, only for small samples.
    private static final int TAIL_SHUFFLE_FROM = 10_000;

    /// The square root of the double's epsilon: how far a sum of probabilities may lie from 1.
    private static final double TOLERANCE = 0x1.0p-26;

    private Choice() {}

    static void requirePopulation(int n, int size) {
        if (n < 0 || (n == 0 && size != 0)) {
            throw new IllegalArgumentException("choice refused a population of " + n
                    + "; there must be something to choose from; pass a population of at least 1");
        }
    }

    /// Numbers without repetition: the tail of a half-done shuffle for large samples of large populations, else
    /// Floyd's.
    static int[] distinct(Generator random, int n, int size, boolean shuffled) {
        requirePopulation(n, size);
        requireSample(n, size);
        int cutoff = shuffled ? 50 : 20;
        return n > TAIL_SHUFFLE_FROM && size > n / cutoff
                ? tailShuffle(random, n, size)
                : floyd(random, n, size, shuffled);
    }

    private static int[] tailShuffle(Generator random, int n, int size) {
        int[] values = ascending(n);
        shuffleDownTo(random, values, Math.max(n - size, 1));
        return Arrays.copyOfRange(values, n - size, n);
    }

    /// R. Floyd's method: each new last value takes the place of a draw that is already there.
    private static int[] floyd(Generator random, int n, int size, boolean shuffled) {
        int[] picks = new int[size];
        int[] slots = new int[2 * Integer.highestOneBit(Math.max(1, size + size / 4))];
        for (int i = 0; i < size; i++) {
            int last = n - size + i;
            int drawn = (int) random.bounded(last);
            picks[i] = add(slots, drawn) ? drawn : last;
            if (picks[i] == last) {
                add(slots, last);
            }
        }
        if (shuffled) {
            shuffleDownTo(random, picks, 1);
        }
        return picks;
    }

    /// Adds to an open-addressed set, whose free slots are 0 and whose values are kept plus 1.
    private static boolean add(int[] slots, int value) {
        int slot = value & (slots.length - 1);
        while (slots[slot] != 0) {
            if (slots[slot] == value + 1) {
                return false;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = value + 1;
        return true;
    }

    /// Unlike [Generator#shuffle], numpy draws the indices of these shuffles with Lemire's method.
    private static void shuffleDownTo(Generator random, int[] values, int first) {
        for (int i = values.length - 1; i >= first; i--) {
            int j = (int) random.bounded(i);
            int value = values[j];
            values[j] = values[i];
            values[i] = value;
        }
    }

    /// One draw over running sums, which are compared as numpy compares its normalised cumulative sums.
    static int weighted(Generator random, double[] p) {
        requirePopulation(p.length, 1);
        requireDistribution(p);
        double total = 0;
        for (double share : p) {
            total += share;
        }
        double drawn = random.nextDouble();
        double sum = p[0];
        int i = 0;
        while (sum / total <= drawn) {
            sum += p[++i];
        }
        return i;
    }

    static int[] weighted(Generator random, double[] p, int size) {
        requirePopulation(p.length, size);
        requireDistribution(p);
        double[] cumulative = new double[p.length];
        accumulate(p, cumulative);
        int[] picks = new int[size];
        for (int i = 0; i < size; i++) {
            picks[i] = firstAbove(cumulative, random.nextDouble());
        }
        return picks;
    }

    /// Rounds of draws, of which each keeps the first of equal picks and then forbids them.
    static int[] weightedDistinct(Generator random, double[] p, int size) {
        requirePopulation(p.length, size);
        requireDistribution(p);
        requireSample(p.length, size);
        requirePositive(p, size);
        double[] left = p.clone();
        double[] cumulative = new double[p.length];
        int[] picks = new int[size];
        int found = 0;
        while (found < size) {
            accumulate(left, cumulative);
            for (int draws = size - found; draws > 0; draws--) {
                int pick = firstAbove(cumulative, random.nextDouble());
                if (left[pick] > 0) {
                    left[pick] = 0;
                    picks[found++] = pick;
                }
            }
        }
        return picks;
    }

    private static void accumulate(double[] p, double[] cumulative) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i];
            cumulative[i] = sum;
        }
        for (int i = 0; i < p.length; i++) {
            cumulative[i] /= sum;
        }
    }

    private static int firstAbove(double[] ascending, double value) {
        int from = 0;
        int to = ascending.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ascending[middle] <= value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static void requireSample(int n, int size) {
        if (size < 0 || size > n) {
            throw new IllegalArgumentException("choice refused a sample of " + size + " from " + n
                    + "; without replacement there are only " + n + "; pass a size from 0 to " + n);
        }
    }

    private static void requirePositive(double[] p, int size) {
        int positive = 0;
        for (double share : p) {
            positive += share > 0 ? 1 : 0;
        }
        if (positive < size) {
            throw new IllegalArgumentException("choice refused a sample of " + size + "; only " + positive
                    + " probabilities are above 0; pass a size from 0 to " + positive);
        }
    }

    private static void requireDistribution(double[] p) {
        double sum = 0; // Kahan's summation, as numpy checks it
        double lost = 0;
        for (int i = 0; i < p.length; i++) {
            if (!(p[i] >= 0)) {
                throw new IllegalArgumentException("choice refused p[" + i + "]=" + p[i]
                        + "; a probability must not be negative or NaN; pass 0 or more");
            }
            double term = p[i] - lost;
            double next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }
        if (p.length > 0 && !(Math.abs(sum - 1) <= TOLERANCE)) {
            throw new IllegalArgumentException("choice refused probabilities that sum to " + sum
                    + "; they must sum to 1; divide each by their sum");
        }
    }

    static int[] ascending(int n) {
        int[] values = new int[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }
}
