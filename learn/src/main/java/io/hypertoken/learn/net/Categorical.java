package io.hypertoken.learn.net;

import io.hypertoken.learn.kernel.Floats;
import io.hypertoken.random.Generator;

/// One of n choices, or one in each of several dimensions that are drawn independently (detail 1 of MultiDiscrete in
/// Huang et al., 2022).
///
/// Outputs are logits. A masked one counts as -∞ before the softmax, so that it is never drawn, gets no gradient and
/// has no part in the entropy (invalid action masking: Huang & Ontañón, 2022). Where a mask forbids everything, it
/// says nothing.
public final class Categorical implements ActionHead {
    private final int[] sizes;
    private final int outputs;
    private final boolean masked;
    private final float[] logs;
    private final float[] probabilities;
    private final float[] entropies;

    /// @param sizes how many choices each dimension has
    /// @param masked whether flags say which are legal
    public Categorical(int[] sizes, boolean masked) {
        this.sizes = sizes.clone();
        this.masked = masked;
        int all = 0;
        for (int size : sizes) {
            all += size;
        }
        outputs = all;
        logs = new float[all];
        probabilities = new float[all];
        entropies = new float[sizes.length];
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int parameters() {
        return 0;
    }

    @Override
    public int width() {
        return sizes.length;
    }

    @Override
    public int flags() {
        return masked ? outputs : 0;
    }

    @Override
    public ActionHead copy() {
        return new Categorical(sizes, masked);
    }

    /// The probability of choice k, counted through all dimensions.
    public float probability(int k) {
        return probabilities[k];
    }

    @Override
    public void see(float[] logits, int at, byte[] mask, int maskAt, float[] further, int furtherAt) {
        int first = 0;
        for (int dimension = 0; dimension < sizes.length; dimension++) {
            int end = first + sizes[dimension];
            boolean heeded = masked && allowsAny(mask, maskAt + first, maskAt + end);
            float largest = Float.NEGATIVE_INFINITY;
            for (int k = first; k < end; k++) {
                boolean legal = !heeded || mask[maskAt + k] != 0;
                logs[k] = legal ? logits[at + k] : Float.NEGATIVE_INFINITY;
                largest = Math.max(largest, logs[k]);
            }
            entropies[dimension] = normalize(first, end, largest);
            first = end;
        }
    }

    private static boolean allowsAny(byte[] mask, int from, int end) {
        for (int k = from; k < end; k++) {
            if (mask[k] != 0) {
                return true;
            }
        }
        return false;
    }

    /// The softmax of one dimension, and its entropy.
    private float normalize(int first, int end, float largest) {
        float sum = 0;
        for (int k = first; k < end; k++) {
            float weight = Floats.exp(logs[k] - largest);
            probabilities[k] = weight;
            sum += weight;
        }
        float logSum = (float) Math.log(sum) + largest;
        float entropy = 0;
        for (int k = first; k < end; k++) {
            probabilities[k] /= sum;
            logs[k] -= logSum;
            entropy -= probabilities[k] > 0 ? probabilities[k] * logs[k] : 0;
        }
        return entropy;
    }

    @Override
    public void sample(Generator random, float[] action, int at) {
        int first = 0;
        for (int dimension = 0; dimension < sizes.length; dimension++) {
            double left = random.random();
            int chosen = -1;
            for (int k = 0; k < sizes[dimension] && left >= 0; k++) {
                float probability = probabilities[first + k];
                if (probability > 0) {
                    chosen = k; // also where rounding leaves something behind the last
                    left -= probability;
                }
            }
            action[at + dimension] = chosen;
            first += sizes[dimension];
        }
    }

    @Override
    public void mode(float[] action, int at) {
        int first = 0;
        for (int dimension = 0; dimension < sizes.length; dimension++) {
            int best = 0;
            for (int k = 1; k < sizes[dimension]; k++) {
                best = probabilities[first + k] > probabilities[first + best] ? k : best;
            }
            action[at + dimension] = best;
            first += sizes[dimension];
        }
    }

    @Override
    public float logProbability(float[] action, int at) {
        float sum = 0;
        int first = 0;
        for (int dimension = 0; dimension < sizes.length; dimension++) {
            sum += logs[first + (int) action[at + dimension]];
            first += sizes[dimension];
        }
        return sum;
    }

    @Override
    public float entropy() {
        float sum = 0;
        for (float entropy : entropies) {
            sum += entropy;
        }
        return sum;
    }

    /// By logit z: ∂ log p(a) / ∂z = [a = z] - p(z), and ∂H / ∂z = -p(z) (log p(z) + H).
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
        int first = 0;
        for (int dimension = 0; dimension < sizes.length; dimension++) {
            int chosen = first + (int) action[at + dimension];
            int end = first + sizes[dimension];
            for (int k = first; k < end; k++) {
                float p = probabilities[k];
                float byLogit = (k == chosen ? 1 - p : -p) * byLogProbability;
                float undecided = p > 0 ? -p * (logs[k] + entropies[dimension]) : 0;
                outputGradient[outputAt + k] = p > 0 || k == chosen ? byLogit + undecided * byEntropy : 0;
            }
            first = end;
        }
    }
}
