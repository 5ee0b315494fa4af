package io.hypertoken.space;

import java.util.List;

/// The n integers from `start` on; int64.
///
/// @param n how many values, at least 1
/// @param start the first value
public record Discrete(int n, int start) implements Space {
    public Discrete {
        Shapes.require(n >= 1, "Discrete(" + n + ")", "it needs at least one value");
        Shapes.require(
                (long) start + n - 1 <= Integer.MAX_VALUE,
                "Discrete(" + n + ", start=" + start + ")",
                "its last value must fit in 32 bits");
    }

    @Override
    public List<Leaf> leaves() {
        return List.of(new Leaf("", DType.INT64, List.of()));
    }

    @Override
    public int maskSize() {
        return n;
    }
}
