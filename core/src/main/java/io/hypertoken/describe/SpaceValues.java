package io.hypertoken.describe;

import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Spaces as plain values, each a map that begins with its type.
///
/// A bound is a whole number where it is one, and null where there is none. Bounds are nested as the shape is; those of
/// a Box of more than [#MOST_BOUNDS] elements that are all the same are one number instead, for a picture's would be
/// megabytes.
public final class SpaceValues {
    /// How many elements a Box may have for each of its bounds to be told.
    static final int MOST_BOUNDS = 1_000;

    /// Below this every whole double is exact as an integer, and shorter that way.
    private static final double WHOLE = 1e15;

    private SpaceValues() {}

    public static Map<String, @Nullable Object> of(Space space) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        switch (space) {
            case Box box -> {
                values.put("type", "box");
                values.put("shape", box.shape());
                values.put("low", bounds(box.low(), box.shape()));
                values.put("high", bounds(box.high(), box.shape()));
                values.put("dtype", box.dtype().numpyName());
            }
            case Discrete(int n, int start) -> {
                values.put("type", "discrete");
                values.put("n", n);
                values.put("start", start);
                values.put("shape", List.of());
            }
            case MultiDiscrete(List<Integer> nvec) -> {
                values.put("type", "multi_discrete");
                values.put("nvec", nvec);
            }
            case MultiBinary(int n) -> {
                values.put("type", "multi_binary");
                values.put("n", n);
            }
            case DictSpace(Map<String, Space> spaces) -> {
                var parts = new LinkedHashMap<String, Object>();
                spaces.forEach((name, part) -> parts.put(name, of(part)));
                values.put("type", "dict");
                values.put("spaces", parts);
            }
            case TupleSpace(List<Space> spaces) -> {
                values.put("type", "tuple");
                values.put("spaces", spaces.stream().map(SpaceValues::of).toList());
            }
        }
        return values;
    }

    private static @Nullable Object bounds(double[] bounds, List<Integer> shape) {
        return bounds.length > MOST_BOUNDS && allSame(bounds)
                ? bound(bounds[0])
                : nested(bounds, shape, 0, 0, bounds.length);
    }

    private static boolean allSame(double[] bounds) {
        for (double bound : bounds) {
            if (bound != bounds[0]) {
                return false;
            }
        }
        return true;
    }

    /// The `count` bounds from `from` on, which are the part of the shape below `dimension`.
    private static @Nullable Object nested(double[] bounds, List<Integer> shape, int dimension, int from, int count) {
        if (dimension == shape.size()) {
            return bound(bounds[from]);
        }
        int each = count / shape.get(dimension);
        var parts = new ArrayList<@Nullable Object>(shape.get(dimension));
        for (int at = from; at < from + count; at += each) {
            parts.add(nested(bounds, shape, dimension + 1, at, each));
        }
        return parts;
    }

    private static @Nullable Number bound(double bound) {
        if (Double.isInfinite(bound)) {
            return null;
        }
        boolean negativeZero = bound == 0 && 1 / bound < 0;
        if (bound == Math.rint(bound) && Math.abs(bound) < WHOLE && !negativeZero) {
            return (long) bound;
        }
        return bound;
    }
}
