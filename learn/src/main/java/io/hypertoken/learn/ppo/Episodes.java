package io.hypertoken.learn.ppo;

import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;

/// The returns and lengths of the last hundred episodes (detail 12 of Huang et al., 2022: what is watched while
/// training).
public final class Episodes {
    private static final int KEPT = 100;

    private final double[] returns = new double[KEPT];
    private final double[] lengths = new double[KEPT];
    private long count;

    void add(double episodeReturn, long length) {
        int at = (int) (count++ % KEPT);
        returns[at] = episodeReturn;
        lengths[at] = length;
    }

    /// How many there were in all.
    public long count() {
        return count;
    }

    /// The mean of the last returns; NaN before the first episode has ended.
    public double meanReturn() {
        return mean(returns);
    }

    /// The mean of the last lengths; NaN before the first episode has ended.
    public double meanLength() {
        return mean(lengths);
    }

    private double mean(double[] of) {
        int known = (int) Math.min(count, KEPT);
        double sum = 0;
        for (int k = 0; k < known; k++) {
            sum += of[k];
        }
        return sum / known;
    }

    void save(String name, Tensors into) {
        into.put(name + ".returns", Tensor.of(returns));
        into.put(name + ".lengths", Tensor.of(lengths));
        into.put(name + ".count", Tensor.of(count));
    }

    void load(String name, Tensors from) {
        from.copy(name + ".returns", returns);
        from.copy(name + ".lengths", lengths);
        count = from.longs(name + ".count", 1)[0];
    }
}
