package io.hypertoken.learn.space;

import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import java.util.Arrays;

/// The running mean and variance of each of several numbers, and what is left of a number beside them.
///
/// As Stable-Baselines3's VecNormalize keeps them: batches are joined by Chan's formula, the first count is 1e-4, the
/// variance is that of the population, what is left is cut off at ±10.
public final class Moments {
    private static final double FIRST_COUNT = 1e-4;
    private static final double EPSILON = 1e-8;
    /// What is left of a number is cut off at this, on both sides.
    public static final float LARGEST = 10f;

    private final double[] mean;
    private final double[] variance;
    private final boolean[] kept;
    private final float[] shift;
    private final float[] scale;
    private double count = FIRST_COUNT;

    /// @param kept which of the numbers are normalised; the others stay as they are
    public Moments(boolean... kept) {
        this.kept = kept.clone();
        mean = new double[kept.length];
        variance = new double[kept.length];
        shift = new float[kept.length];
        scale = new float[kept.length];
        Arrays.fill(variance, 1);
        Arrays.fill(scale, 1);
    }

    /// Takes rows of numbers into account.
    ///
    /// @param at the first row's index
    /// @param row from a row to the next
    public void update(float[] x, int at, int row, int rows) {
        if (rows == 0) {
            return;
        }
        for (int k = 0; k < mean.length; k++) {
            if (kept[k]) {
                double sum = 0;
                for (int m = 0; m < rows; m++) {
                    sum += x[at + m * row + k];
                }
                double batchMean = sum / rows;
                double squares = 0;
                for (int m = 0; m < rows; m++) {
                    double beside = x[at + m * row + k] - batchMean;
                    squares += beside * beside;
                }
                join(k, batchMean, squares, rows);
            }
        }
        count += rows;
        for (int k = 0; k < mean.length; k++) {
            shift[k] = (float) mean[k];
            scale[k] = kept[k] ? (float) (1 / Math.sqrt(variance[k] + EPSILON)) : 1;
        }
    }

    private void join(int k, double batchMean, double squares, int rows) {
        double between = batchMean - mean[k];
        double all = count + rows;
        mean[k] += between * rows / all;
        variance[k] = (variance[k] * count + squares + between * between * count * rows / all) / all;
    }

    /// Normalises rows of numbers.
    public void apply(float[] x, int at, int row, int rows) {
        for (int m = 0; m < rows; m++) {
            int from = at + m * row;
            for (int k = 0; k < kept.length; k++) {
                if (kept[k]) {
                    float left = (x[from + k] - shift[k]) * scale[k];
                    x[from + k] = Math.min(Math.max(left, -LARGEST), LARGEST);
                }
            }
        }
    }

    /// A number in proportion to the deviation of number 0, its mean left in.
    public double scaled(double x) {
        return Math.clamp(x * scale[0], -LARGEST, LARGEST);
    }

    /// The mean of each number.
    public double[] mean() {
        return mean.clone();
    }

    /// The variance of each number.
    public double[] variance() {
        return variance.clone();
    }

    /// Whether any number is normalised.
    public boolean keepsAny() {
        for (boolean each : kept) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /// What is taken from each number; 0 from those that stay as they are.
    public float[] shift() {
        return shift.clone();
    }

    /// What each number is then multiplied by; 1 for those that stay as they are.
    public float[] scale() {
        return scale.clone();
    }

    /// The same, to go on by itself.
    public Moments copy() {
        var copy = new Moments(kept);
        copy.restore(mean, variance, count);
        return copy;
    }

    /// Writes all that it knows.
    public void save(String name, Tensors into) {
        into.put(name + ".mean", Tensor.of(mean));
        into.put(name + ".variance", Tensor.of(variance));
        into.put(name + ".count", Tensor.of(count));
    }

    /// Reads what [#save] wrote.
    public void load(String name, Tensors from) {
        double[] means = new double[mean.length];
        double[] variances = new double[mean.length];
        double[] counts = new double[1];
        from.copy(name + ".mean", means);
        from.copy(name + ".variance", variances);
        from.copy(name + ".count", counts);
        restore(means, variances, counts[0]);
    }

    /// Takes over what another has counted; goes on as if it had counted nothing else.
    public void set(double[] means, double[] variances) {
        restore(means, variances, FIRST_COUNT);
    }

    private void restore(double[] means, double[] variances, double counted) {
        System.arraycopy(means, 0, mean, 0, mean.length);
        System.arraycopy(variances, 0, variance, 0, mean.length);
        count = counted;
        for (int k = 0; k < mean.length; k++) {
            shift[k] = (float) mean[k];
            scale[k] = kept[k] ? (float) (1 / Math.sqrt(variance[k] + EPSILON)) : 1;
        }
    }
}
