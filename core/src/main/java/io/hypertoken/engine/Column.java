package io.hypertoken.engine;

import io.hypertoken.space.DType;
import java.util.List;

/// One array of a batch: where it lies inside its group, and what it holds.
///
/// @param name `observation`, `reward`, …; a leaf's name follows after a dot
/// @param dtype the element type, little-endian
/// @param shape the dimensions; the first is the rows
/// @param offset bytes from the start of the group, a multiple of 64
/// @param bytes the size without padding
public record Column(String name, DType dtype, List<Integer> shape, long offset, long bytes) {
    public Column {
        shape = List.copyOf(shape);
    }

    /// The first byte behind this column.
    long end() {
        return offset + bytes;
    }
}
