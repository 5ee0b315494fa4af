package io.hypertoken.space;

import java.util.List;

/// A vector of flags, each 0 or 1; int8.
///
/// @param n how many flags, at least 1
public record MultiBinary(int n) implements Space {
    public MultiBinary {
        Shapes.require(n >= 1, "MultiBinary(" + n + ")", "it needs at least one flag");
    }

    @Override
    public List<Leaf> leaves() {
        return List.of(new Leaf("", DType.INT8, List.of(n)));
    }
}
