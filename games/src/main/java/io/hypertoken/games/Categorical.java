package io.hypertoken.games;

import io.hypertoken.random.Generator;

/// Draws an index by given chances, with one uniform number, as Gymnasium's toy-text environments do; immutable.
///
/// It is not numpy's weighted `choice`: the sums are not scaled to end at 1, and a number at or above the last sum,
/// where rounding left that below 1, gives index 0. Source: `categorical_sample` in Gymnasium 1.4,
/// `envs/toy_text/utils.py`.
public final class Categorical {
    private final double[] chances;
    private final double[] sums;

    /// @param chances not negative; those of 1/3 each may sum to a little more or less than 1
    public Categorical(double... chances) {
        this.chances = chances.clone();
        this.sums = chances.clone();
        for (int k = 1; k < sums.length; k++) {
            sums[k] += sums[k - 1];
        }
    }

    /// The first index whose sum of chances is above a uniform number; one number is drawn even where there is nothing
    /// to choose.
    public int draw(Generator random) {
        double share = random.random();
        int from = 0;
        int to = sums.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sums[middle] > share) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from == sums.length ? 0 : from;
    }

    /// The chance of an index, as it was given.
    public double chance(int index) {
        return chances[index];
    }
}
