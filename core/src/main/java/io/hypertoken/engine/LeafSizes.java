package io.hypertoken.engine;

import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.util.List;

/// The leaves of a space as arrays, for loops that visit each.
///
/* Filled by a plain loop, as other constructors here are: streams were half of what opening a vector took. */
final class LeafSizes {
    final DType[] dtypes;
    /// How many elements each has.
    final int[] sizes;
    final int[] bytes;

    LeafSizes(List<Leaf> leaves) {
        int count = leaves.size();
        dtypes = new DType[count];
        sizes = new int[count];
        bytes = new int[count];
        for (int k = 0; k < count; k++) {
            Leaf leaf = leaves.get(k);
            dtypes[k] = leaf.dtype();
            sizes[k] = leaf.size();
            bytes[k] = leaf.bytes();
        }
    }
}
