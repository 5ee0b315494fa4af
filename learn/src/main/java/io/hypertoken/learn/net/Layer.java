package io.hypertoken.learn.net;

import io.hypertoken.learn.kernel.Gemm;

/// Where a fully connected layer's parameters lie in the network's one array.
///
/// ```text
///            outputs   padding
///         +-----------+------+
///  inputs |  weights  |  0   |   row i: what input i adds to each output
///         +-----------+------+
///       1 |  biases   |  0   |   the input behind the last is always 1
///         +-----------+------+
/// padding |     0     |  0   |
///         +-----------+------+
/// ```
///
/// Both sides are padded to [Gemm#WIDTH]. A bias is the weight of an input that is always 1, so that it needs no
/// arithmetic of its own; and with it a row of 64 inputs is 72 long: rows whose length is a power of two would fight
/// over the same lines of the cache. What is 0 in the padding stays 0: its gradient is 0.
///
/// @param inputs how many numbers come in
/// @param outputs how many come out
/// @param at the index of the first parameter
public record Layer(int inputs, int outputs, int at) {
    /// The length of a row of inputs: they, the 1, and padding.
    public int inputRow() {
        return Gemm.padded(inputs + 1);
    }

    /// The length of a row of parameters.
    public int outputRow() {
        return Gemm.padded(outputs);
    }

    /// How many parameters there are, padding among them.
    int size() {
        return inputRow() * outputRow();
    }

    /// The index of the weight from an input to an output; the bias is that of input [#inputs()].
    public int weight(int input, int output) {
        return at + input * outputRow() + output;
    }
}
