package io.hypertoken.learn.net;

import io.hypertoken.learn.kernel.Gemm;
import java.util.ArrayList;
import java.util.List;

/// Fully connected layers with one activation between them, and none behind the last.
///
/// It says how to compute; the parameters are the caller's, and the numbers in between lie in a [Pass].
public final class Mlp {
    private final List<Layer> layers;
    private final Activation activation;

    /// @param sizes how many numbers there are before, between and behind the layers
    /// @param at the index of the first parameter
    Mlp(int[] sizes, Activation activation, int at) {
        var made = new ArrayList<Layer>();
        int next = at;
        for (int k = 0; k + 1 < sizes.length; k++) {
            var layer = new Layer(sizes[k], sizes[k + 1], next);
            made.add(layer);
            next += layer.size();
        }
        this.layers = List.copyOf(made);
        this.activation = activation;
    }

    /// The layers, first to last.
    public List<Layer> layers() {
        return layers;
    }

    /// What stands between the layers.
    public Activation activation() {
        return activation;
    }

    /// How many parameters there are, padding among them.
    int size() {
        return layers.stream().mapToInt(Layer::size).sum();
    }

    private Layer last() {
        return layers.getLast();
    }

    /// The numbers of some rows on their way through: one pass for each thread.
    public final class Pass {
        private final Gemm gemm = new Gemm();
        /// What goes into each layer, and what comes out of the last.
        private final float[][] values;
        /// The gradients of these, but for the input.
        private final float[][] gradients;

        /// @param rows the most that may pass at once
        /// @param input where the first layer reads: the caller's, or another network's
        Pass(int rows, float[] input) {
            values = new float[layers.size() + 1][];
            gradients = new float[layers.size() + 1][];
            values[0] = input;
            gradients[0] = new float[0];
            for (int k = 1; k < layers.size(); k++) {
                values[k] = new float[rows * layers.get(k).inputRow()];
                gradients[k] = new float[rows * layers.get(k).inputRow()];
            }
            values[layers.size()] = new float[rows * last().outputRow()];
            gradients[layers.size()] = new float[rows * last().outputRow()];
        }

        /// What came out, in rows of the last layer's [Layer#outputRow()].
        public float[] output() {
            return values[layers.size()];
        }

        /// Where [#backward] reads the gradient of what came out; zeros in the padding.
        public float[] outputGradient() {
            return gradients[layers.size()];
        }

        /// Sends the first `rows` rows through.
        public void forward(float[] parameters, int rows) {
            for (int k = 0; k < layers.size(); k++) {
                Layer layer = layers.get(k);
                boolean hidden = k + 1 < layers.size();
                float[] y = values[k + 1];
                int row = hidden ? layers.get(k + 1).inputRow() : layer.outputRow();
                gemm.multiply(
                        rows,
                        layer.outputRow(),
                        layer.inputs() + 1,
                        values[k],
                        0,
                        layer.inputRow(),
                        1,
                        parameters,
                        layer.at(),
                        layer.outputRow(),
                        y,
                        0,
                        row);
                if (hidden) {
                    activation.forward(y, rows * row);
                    setOnes(y, 0, rows, row, layer.outputs());
                }
            }
        }

        /// Makes the gradient of the parameters from that of the output, of the rows that went through last.
        ///
        /// @param transposed the parameters of all layers, each transposed: see [Mlp#transpose]
        /// @param gradient set, not added to
        public void backward(float[] transposed, int rows, float[] gradient) {
            for (int k = layers.size() - 1; k >= 0; k--) {
                Layer layer = layers.get(k);
                float[] dy = gradients[k + 1];
                int row = k + 1 < layers.size() ? layers.get(k + 1).inputRow() : layer.outputRow();
                gemm.multiply(
                        layer.inputs() + 1, // the padding's gradient stays 0
                        layer.outputRow(),
                        rows,
                        values[k],
                        0,
                        1,
                        layer.inputRow(),
                        dy,
                        0,
                        row,
                        gradient,
                        layer.at(),
                        layer.outputRow());
                if (k > 0) {
                    gemm.multiply(
                            rows,
                            Gemm.padded(layer.inputs()),
                            layer.outputs(),
                            dy,
                            0,
                            row,
                            1,
                            transposed,
                            layer.at(),
                            layer.inputRow(),
                            gradients[k],
                            0,
                            layer.inputRow());
                    activation.backward(gradients[k], values[k], rows * layer.inputRow());
                }
            }
        }
    }

    /// Writes each layer's parameters but the first one's transposed, for [Pass#backward].
    ///
    /// @param transposed as long as the parameters
    void transpose(float[] parameters, float[] transposed) {
        for (Layer layer : layers.subList(1, layers.size())) {
            int row = layer.inputRow();
            for (int input = 0; input < layer.inputs(); input++) {
                int from = layer.weight(input, 0);
                int to = layer.at() + input;
                for (int output = 0; output < layer.outputs(); output++) {
                    transposed[to + output * row] = parameters[from + output];
                }
            }
        }
    }

    /// Writes a 1 behind the last of each row's numbers, for the bias.
    ///
    /// @param first the first row
    /// @param rows how many rows
    /// @param row the length of a row
    /// @param at how many numbers a row has
    public static void setOnes(float[] values, int first, int rows, int row, int at) {
        for (int m = first; m < first + rows; m++) {
            values[m * row + at] = 1f;
        }
    }
}
