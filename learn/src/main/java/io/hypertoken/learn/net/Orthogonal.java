package io.hypertoken.learn.net;

import io.hypertoken.random.Generator;

/// Weights that keep lengths: orthonormal columns or rows, scaled.
///
/// Source: Saxe, McClelland & Ganguli (2014), as `torch.nn.init.orthogonal_` draws them: the Q of a normal matrix, with
/// the signs of R's diagonal. Detail 2 of Huang et al. (2022).
final class Orthogonal {
    private Orthogonal() {}

    /// Sets a layer's weights to some outputs; biases stay 0.
    static void fill(float[] parameters, Layer layer, int firstOutput, int outputs, double gain, Generator random) {
        int inputs = layer.inputs();
        int count = Math.min(inputs, outputs);
        int length = Math.max(inputs, outputs);
        double[][] vectors = new double[count][length];
        for (int k = 0; k < count; k++) {
            random.standardNormal(vectors[k]);
            straighten(vectors, k);
        }
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                double q = inputs >= outputs ? vectors[o][i] : vectors[i][o];
                parameters[layer.weight(i, firstOutput + o)] = (float) (gain * q);
            }
        }
    }

    /// Gram and Schmidt's step, done twice for accuracy: vector k loses its parts along those before it.
    private static void straighten(double[][] vectors, int k) {
        double[] v = vectors[k];
        for (int twice = 0; twice < 2; twice++) {
            for (int j = 0; j < k; j++) {
                double along = dot(v, vectors[j]);
                for (int i = 0; i < v.length; i++) {
                    v[i] -= along * vectors[j][i];
                }
            }
        }
        double length = Math.sqrt(dot(v, v));
        for (int i = 0; i < v.length; i++) {
            v[i] /= length;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
