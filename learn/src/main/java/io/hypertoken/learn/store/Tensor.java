package io.hypertoken.learn.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// An array of numbers with its dimensions, as safetensors files have it.
///
/// @param dtype `F32`, `F64`, `I64` or `U8`
/// @param shape the dimensions; empty for a single number
/// @param bytes the elements in row-major order, little-endian
public record Tensor(String dtype, List<Long> shape, byte[] bytes) {
    public Tensor {
        shape = List.copyOf(shape);
        bytes = bytes.clone();
    }

    /// Floats of these dimensions.
    public static Tensor of(float[] numbers, long... shape) {
        ByteBuffer bytes = buffer(Float.BYTES * numbers.length);
        bytes.asFloatBuffer().put(numbers);
        return new Tensor("F32", shape(numbers.length, shape), bytes.array());
    }

    /// Doubles, in one dimension.
    public static Tensor of(double... numbers) {
        ByteBuffer bytes = buffer(Double.BYTES * numbers.length);
        bytes.asDoubleBuffer().put(numbers);
        return new Tensor("F64", List.of((long) numbers.length), bytes.array());
    }

    /// Integers, in one dimension.
    public static Tensor of(long... numbers) {
        ByteBuffer bytes = buffer(Long.BYTES * numbers.length);
        bytes.asLongBuffer().put(numbers);
        return new Tensor("I64", List.of((long) numbers.length), bytes.array());
    }

    /// Bytes, in one dimension.
    public static Tensor of(byte[] bytes) {
        return new Tensor("U8", List.of((long) bytes.length), bytes);
    }

    /// The size of an element of this type in bytes; 0 for a type that is not read here.
    static int elementBytes(String dtype) {
        return switch (dtype) {
            case "U8" -> Byte.BYTES;
            case "F32" -> Float.BYTES;
            case "F64", "I64" -> Long.BYTES;
            default -> 0;
        };
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The elements, of type `F32`.
    public float[] floats() {
        float[] numbers = new float[bytes.length / Float.BYTES];
        little("F32").asFloatBuffer().get(numbers);
        return numbers;
    }

    /// The elements, of type `F64`.
    public double[] doubles() {
        double[] numbers = new double[bytes.length / Double.BYTES];
        little("F64").asDoubleBuffer().get(numbers);
        return numbers;
    }

    /// The elements, of type `I64`.
    public long[] longs() {
        long[] numbers = new long[bytes.length / Long.BYTES];
        little("I64").asLongBuffer().get(numbers);
        return numbers;
    }

    private ByteBuffer little(String wanted) {
        if (!dtype.equals(wanted)) {
            throw new IllegalStateException("a tensor of " + dtype + " was read as " + wanted);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Long> shape(int length, long... shape) {
        return shape.length == 0
                ? List.of((long) length)
                : Arrays.stream(shape).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor tensor
                && dtype.equals(tensor.dtype)
                && shape.equals(tensor.shape)
                && Arrays.equals(bytes, tensor.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * dtype.hashCode() + shape.hashCode()) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return dtype + shape;
    }
}
