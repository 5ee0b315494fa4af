package io.hypertoken.space;

import java.util.Arrays;
import java.util.List;

/// A tensor of numbers, each between its own inclusive bounds, which may be infinite.
///
/// @param dtype the element type
/// @param shape the dimensions; empty for a single number
/// @param low the lower bound of each element in row-major order
/// @param high the upper bound of each element in row-major order
public record Box(DType dtype, List<Integer> shape, double[] low, double[] high) implements Space {
    public Box {
        shape = List.copyOf(shape);
        low = low.clone();
        high = high.clone();
        int size = Leaf.sizeOf(shape);
        Shapes.require(
                shape.stream().allMatch(d -> d >= 1), "Box of shape " + shape, "each dimension must be at least 1");
        Shapes.require(
                low.length == size && high.length == size,
                "Box of shape " + shape + " with " + low.length + " lower and " + high.length + " upper bounds",
                "it needs " + size + " of each");
        for (int k = 0; k < size; k++) {
            if (!(low[k] <= high[k])) { // asked first: the sentence of a million elements would take a second
                throw Shapes.refusal(
                        "Box with low " + low[k] + " and high " + high[k],
                        "each lower bound must be at most its upper bound, and neither may be NaN");
            }
        }
    }

    @Override
    public double[] low() {
        return low.clone();
    }

    @Override
    public double[] high() {
        return high.clone();
    }

    @Override
    public List<Leaf> leaves() {
        return List.of(new Leaf("", dtype, shape));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Box box
                && dtype == box.dtype
                && shape.equals(box.shape)
                && Arrays.equals(low, box.low)
                && Arrays.equals(high, box.high);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * dtype.hashCode() + shape.hashCode()) + 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return "Box(" + bounds(low) + ", " + bounds(high) + ", " + shape + ", " + dtype.numpyName() + ")";
    }

    private static String bounds(double[] bounds) {
        boolean uniform = Arrays.stream(bounds).allMatch(b -> b == bounds[0]);
        return uniform ? Double.toString(bounds[0]) : Arrays.toString(bounds);
    }
}
