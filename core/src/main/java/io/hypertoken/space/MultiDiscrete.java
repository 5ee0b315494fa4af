package io.hypertoken.space;

import java.util.List;

/// A vector of integers, element k from 0 to `nvec[k]` - 1; int64.
///
/// @param nvec how many values each element has, each at least 1
public record MultiDiscrete(List<Integer> nvec) implements Space {
    public MultiDiscrete {
        nvec = List.copyOf(nvec);
        Shapes.require(
                !nvec.isEmpty() && nvec.stream().allMatch(n -> n >= 1),
                "MultiDiscrete(" + nvec + ")",
                "it needs at least one dimension, each with at least one value");
    }

    @Override
    public List<Leaf> leaves() {
        return List.of(new Leaf("", DType.INT64, List.of(nvec.size())));
    }

    @Override
    public int maskSize() {
        return nvec.stream().mapToInt(Integer::intValue).sum();
    }
}
