package io.hypertoken.learn.net;

import io.hypertoken.learn.kernel.Floats;
import java.util.Locale;

/// What stands between two layers.
public enum Activation {
    TANH {
        @Override
        void forward(float[] x, int count) {
            Floats.tanh(x, 0, count);
        }

        @Override
        void backward(float[] gradient, float[] y, int count) {
            Floats.tanhBackward(gradient, y, 0, count);
        }
    },
    RELU {
        @Override
        void forward(float[] x, int count) {
            Floats.relu(x, 0, count);
        }

        @Override
        void backward(float[] gradient, float[] y, int count) {
            Floats.reluBackward(gradient, y, 0, count);
        }
    };

    /// Replaces each number by what the function makes of it.
    abstract void forward(float[] x, int count);

    /// Replaces the gradient of each output `y` by that of its input.
    abstract void backward(float[] gradient, float[] y, int count);

    /// The name as hyper-parameters and files have it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The function of this name.
    public static Activation of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
