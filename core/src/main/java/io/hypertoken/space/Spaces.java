package io.hypertoken.space;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Short ways to write spaces, meant for static import.
public final class Spaces {
    private Spaces() {}

    /// The integers 0 … n - 1.
    public static Discrete discrete(int n) {
        return new Discrete(n, 0);
    }

    /// A vector of integers, element k from 0 to `nvec[k]` - 1.
    public static MultiDiscrete multiDiscrete(int... nvec) {
        return new MultiDiscrete(Arrays.stream(nvec).boxed().toList());
    }

    /// A vector of n flags.
    public static MultiBinary multiBinary(int n) {
        return new MultiBinary(n);
    }

    /// A float32 tensor whose elements all have the same bounds.
    public static Box box(double low, double high, int... shape) {
        return box(DType.FLOAT32, low, high, shape);
    }

    /// A tensor whose elements all have the same bounds.
    public static Box box(DType dtype, double low, double high, int... shape) {
        List<Integer> dimensions = Arrays.stream(shape).boxed().toList();
        double[] lows = new double[Leaf.sizeOf(dimensions)];
        double[] highs = lows.clone();
        Arrays.fill(lows, low);
        Arrays.fill(highs, high);
        return new Box(dtype, dimensions, lows, highs);
    }

    /// A float32 vector with bounds of its own for each element.
    public static Box box(double[] low, double[] high) {
        return new Box(DType.FLOAT32, List.of(low.length), low, high);
    }

    /// Two named parts, and more by [#dict(Map)].
    public static DictSpace dict(String name1, Space space1, String name2, Space space2) {
        var spaces = new LinkedHashMap<String, Space>();
        spaces.put(name1, space1);
        spaces.put(name2, space2);
        return new DictSpace(spaces);
    }

    /// Named parts in the map's own order.
    public static DictSpace dict(Map<String, Space> spaces) {
        return new DictSpace(spaces);
    }

    /// Parts in a row.
    public static TupleSpace tuple(Space... spaces) {
        return new TupleSpace(List.of(spaces));
    }
}
