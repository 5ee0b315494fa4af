package io.hypertoken.learn.onnx;

import java.nio.ByteBuffer;
import java.util.List;

/// An ONNX file that ONNX Runtime has loaded, to be run for one thread; close it.
///
/// Nothing here names a class of ONNX Runtime's, so that this may be there without it.
public interface OnnxModel extends AutoCloseable {
    /// Something that goes in or comes out.
    ///
    /// @param type numpy's name of its element type, or the runtime's own word for one that numpy has not
    /// @param shape its dimensions; -1 for one that is open
    record Value(String name, String type, List<Long> shape) {
        public Value {
            shape = List.copyOf(shape);
        }

        @Override
        public String toString() {
            return name + " " + type + shape.toString().replace("-1", "?");
        }
    }

    /// What it must be given.
    List<Value> inputs();

    /// What it makes.
    List<Value> outputs();

    /// Memory for an input, in the machine's byte order: write there before each run. Ask once for each input.
    ByteBuffer input(Value input, List<Long> shape);

    /// Runs it, and gives an output's elements, in the machine's byte order.
    ///
    /// @throws HyperTokenException `bad_field` if it fails at what it was given
    ByteBuffer run(String output);

    @Override
    void close();
}
