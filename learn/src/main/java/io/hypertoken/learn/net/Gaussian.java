package io.hypertoken.learn.net;

import io.hypertoken.learn.kernel.Floats;
import io.hypertoken.random.Generator;

/// Independent normal numbers: the network gives the means, parameters of their own the logarithms of the deviations.
///
/// Details 1, 2, 3 and 5 of continuous actions in Huang et al. (2022): normal distributions, deviations that no
/// observation changes, independent components, and actions that are bounded on their way to the environment, not
/// here. Where they are squashed by a tanh on that way, ratios and divergences are as without it, for the tanh's own
/// density is in both of two compared; the entropy is that of the numbers before it.
public final class Gaussian implements ActionHead {
    private static final float HALF_LOG_TWO_PI = (float) (0.5 * Math.log(2 * Math.PI));

    private final int size;
    private final float[] means;
    private final float[] logDeviations;
    private final float[] deviations;

    public Gaussian(int size) {
        this.size = size;
        means = new float[size];
        logDeviations = new float[size];
        deviations = new float[size];
    }

    @Override
    public int outputs() {
        return size;
    }

    @Override
    public int parameters() {
        return size;
    }

    @Override
    public int width() {
        return size;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public ActionHead copy() {
        return new Gaussian(size);
    }

    @Override
    public void see(float[] outputs, int at, byte[] mask, int maskAt, float[] further, int furtherAt) {
        for (int k = 0; k < size; k++) {
            means[k] = outputs[at + k];
            logDeviations[k] = further[furtherAt + k];
            deviations[k] = Floats.exp(logDeviations[k]);
        }
    }

    @Override
    public void sample(Generator random, float[] action, int at) {
        for (int k = 0; k < size; k++) {
            action[at + k] = Math.fma(deviations[k], (float) random.standardNormal(), means[k]);
        }
    }

    @Override
    public void mode(float[] action, int at) {
        System.arraycopy(means, 0, action, at, size);
    }

    @Override
    public float logProbability(float[] action, int at) {
        float sum = 0;
        for (int k = 0; k < size; k++) {
            float z = (action[at + k] - means[k]) / deviations[k];
            sum -= 0.5f * z * z + logDeviations[k] + HALF_LOG_TWO_PI;
        }
        return sum;
    }

    @Override
    public float entropy() {
        float sum = 0;
        for (int k = 0; k < size; k++) {
            sum += 0.5f + HALF_LOG_TWO_PI + logDeviations[k];
        }
        return sum;
    }

    /// With z = (a - μ) / σ: ∂ log p / ∂μ = z / σ, ∂ log p / ∂ log σ = z² - 1, ∂H / ∂ log σ = 1.
    @Override
    public void backward(
            float[] action,
            int at,
            float byLogProbability,
            float byEntropy,
            float[] outputGradient,
            int outputAt,
            float[] furtherGradient,
            int furtherAt) {
        for (int k = 0; k < size; k++) {
            float z = (action[at + k] - means[k]) / deviations[k];
            outputGradient[outputAt + k] = byLogProbability * z / deviations[k];
            furtherGradient[furtherAt + k] += byLogProbability * (z * z - 1) + byEntropy;
        }
    }
}
