package io.hypertoken.space;

import java.util.List;

/// One tensor of a flattened space: a name, an element type and a shape.
///
/// @param name the path from the root of the space, joined by dots (`hand.cards`, `0`); empty when the space is itself
///     the tensor
/// @param dtype the element type
/// @param shape the dimensions; empty for a single number
public record Leaf(String name, DType dtype, List<Integer> shape) {
    public Leaf {
        shape = List.copyOf(shape);
    }

    /// How many elements the tensor has.
    public int size() {
        return sizeOf(shape);
    }

    /// How many bytes the tensor takes.
    public int bytes() {
        return size() * dtype.bytes();
    }

    /// This leaf below a parent called `parent`.
    Leaf under(String parent) {
        return new Leaf(name.isEmpty() ? parent : parent + "." + name, dtype, shape);
    }

    static int sizeOf(List<Integer> shape) {
        int size = 1;
        for (int dimension : shape) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }
}
