package io.hypertoken.learn.net;

import java.util.Arrays;

/// Adam: steps along the gradient's running mean, each parameter's by the root of its running square.
///
/// Source: Kingma & Ba (2015), with PyTorch's arithmetic. Epsilon is 1e-5 for PPO, detail 3 of Huang et al. (2022).
public final class Adam {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;

    private final float[] mean;
    private final float[] square;
    private final float epsilon;
    private long steps;

    public Adam(int parameters, float epsilon) {
        mean = new float[parameters];
        square = new float[parameters];
        this.epsilon = epsilon;
    }

    /// The running mean of the gradient.
    public float[] mean() {
        return mean;
    }

    /// The running mean of its square.
    public float[] square() {
        return square;
    }

    /// How many steps were made.
    public long steps() {
        return steps;
    }

    /// Says how many steps were made, when the means are brought back.
    public void steps(long made) {
        steps = made;
    }

    /// Forgets all steps.
    public void forget() {
        steps = 0;
        Arrays.fill(mean, 0);
        Arrays.fill(square, 0);
    }

    /// Moves the parameters one step against the gradient, times `scale`.
    public void step(float[] parameters, float[] gradient, float scale, float learningRate) {
        steps++;
        float rate = (float) (learningRate / (1 - Math.pow(BETA_1, steps)));
        float root = (float) (1 / Math.sqrt(1 - Math.pow(BETA_2, steps)));
        move(parameters, gradient, mean, square, scale, rate, root, epsilon);
    }

    private static void move(
            float[] parameters,
            float[] gradient,
            float[] mean,
            float[] square,
            float scale,
            float rate,
            float root,
            float epsilon) {
        for (int k = 0; k < mean.length; k++) {
            float g = gradient[k] * scale;
            mean[k] = Math.fma(BETA_1, mean[k], (1 - BETA_1) * g);
            square[k] = Math.fma(BETA_2, square[k], (1 - BETA_2) * g * g);
        }
        for (int k = 0; k < mean.length; k++) {
            parameters[k] -= rate * mean[k] / Math.fma((float) Math.sqrt(square[k]), root, epsilon);
        }
    }
}
