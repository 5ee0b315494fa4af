package io.hypertoken.learn.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/// An ONNX model that is being written: nodes in the order of their computation, each with one output.
///
/// Values are called by their names. The first dimension of every input and output is the batch's size, which is left
/// open. Field numbers are those of onnx.proto.
final class Graph {
    /// Version 8 of the file format and 17 of the operators came with ONNX 1.12 in 2022: whatever reads ONNX knows
    /// them.
    private static final int FORMAT = 8;

    static final int OPERATORS = 17;
    private static final String BATCH = "batch";

    private final Protobuf graph = new Protobuf();
    private int made;

    /// Adds an input of `[batch, *shape]`, and gives its name back.
    String input(String name, int type, List<Integer> shape) {
        graph.message(11, value(name, type, shape));
        return name;
    }

    /// Makes a value an output of `[batch, *shape]`.
    void output(String name, String value, int type, List<Integer> shape) {
        node("Identity", List.of(value), name, node -> {});
        graph.message(12, value(name, type, shape));
    }

    private static Protobuf value(String name, int type, List<Integer> shape) {
        var dimensions = new Protobuf().message(1, new Protobuf().text(2, BATCH));
        shape.forEach(size -> dimensions.message(1, new Protobuf().integer(1, size)));
        var tensor = new Protobuf().integer(1, type).message(2, dimensions);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /// Adds a constant of floats.
    String constant(float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(ElementType.FLOAT, bytes.array(), shape.length == 0 ? new long[] {values.length} : shape);
    }

    /// Adds a constant of integers, in one dimension.
    String constant(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(ElementType.INT64, bytes.array(), values.length);
    }

    /// Adds a constant of flags, in one dimension.
    String constant(boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) (values[k] ? 1 : 0);
        }
        return constant(ElementType.BOOL, bytes, values.length);
    }

    private String constant(int type, byte[] bytes, long... shape) {
        String name = "constant_" + made++;
        var tensor = new Protobuf();
        for (long size : shape) {
            tensor.integer(1, size);
        }
        graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, bytes));
        return name;
    }

    /// Adds a node, and gives its output's name back.
    String node(String operator, String... inputs) {
        return node(operator, List.of(inputs), node -> {});
    }

    /// Adds a node with an attribute that is an integer.
    String node(String operator, String attribute, long value, String... inputs) {
        return node(operator, List.of(inputs), node -> attribute(node, attribute, value));
    }

    /// Adds a node with two attributes that are integers.
    String node(String operator, String first, long one, String second, long two, String... inputs) {
        return node(operator, List.of(inputs), node -> {
            attribute(node, first, one);
            attribute(node, second, two);
        });
    }

    private String node(String operator, List<String> inputs, Consumer<Protobuf> attributes) {
        String output = operator + "_" + made++;
        node(operator, inputs, output, attributes);
        return output;
    }

    private void node(String operator, List<String> inputs, String output, Consumer<Protobuf> attributes) {
        var node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, operator);
        attributes.accept(node);
        graph.message(1, node);
    }

    private static void attribute(Protobuf node, String name, long value) {
        int integer = 2; // AttributeProto.INT
        node.message(5, new Protobuf().text(1, name).integer(3, value).integer(20, integer));
    }

    /// The file.
    byte[] toBytes(String name) {
        graph.text(2, name);
        return new Protobuf()
                .integer(1, FORMAT)
                .text(2, "hypertoken")
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPERATORS))
                .toBytes();
    }
}
