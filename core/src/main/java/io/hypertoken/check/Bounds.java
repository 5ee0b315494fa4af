package io.hypertoken.check;

import io.hypertoken.engine.Batch;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// What each element of a space's leaves may be.
final class Bounds {
    /// The bounds of one leaf's elements.
    private record LeafBounds(double[] low, double[] high) {
        static LeafBounds all(int size, double low, double high) {
            double[] lows = new double[size];
            double[] highs = new double[size];
            Arrays.fill(lows, low);
            Arrays.fill(highs, high);
            return new LeafBounds(lows, highs);
        }
    }

    private Bounds() {}

    /// The first element of an agent's observation that lies outside its space, as `name[k]=value`; just its value
    /// where it
    /// is the whole observation, and empty if none does.
    static String outside(Space space, Batch batch, int row, int agent) {
        List<LeafBounds> bounds = of(space);
        List<Leaf> leaves = space.leaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            LeafBounds allowed = bounds.get(leaf);
            for (int k = 0; k < allowed.low.length; k++) {
                double value = batch.observation(row, agent, leaf, k);
                if (!(value >= allowed.low[k] && value <= allowed.high[k])) {
                    return element(leaves.get(leaf), k, value);
                }
            }
        }
        return "";
    }

    private static String element(Leaf leaf, int k, double value) {
        String number = leaf.dtype().floating() ? Double.toString(value) : Long.toString((long) value);
        String place = leaf.name() + (leaf.shape().isEmpty() ? "" : "[" + k + "]");
        return place.isEmpty() ? number : place + "=" + number;
    }

    private static List<LeafBounds> of(Space space) {
        return switch (space) {
            case Discrete discrete -> List.of(LeafBounds.all(1, discrete.start(), discrete.start() + discrete.n() - 1));
            case MultiBinary binary -> List.of(LeafBounds.all(binary.n(), 0, 1));
            case MultiDiscrete multi -> {
                double[] high = multi.nvec().stream().mapToDouble(n -> n - 1).toArray();
                yield List.of(new LeafBounds(new double[high.length], high));
            }
            case Box box -> List.of(new LeafBounds(rounded(box.dtype(), box.low()), rounded(box.dtype(), box.high())));
            case DictSpace dict -> parts(dict.spaces().values());
            case TupleSpace tuple -> parts(tuple.spaces());
        };
    }

    private static List<LeafBounds> parts(Collection<Space> spaces) {
        var bounds = new ArrayList<LeafBounds>();
        spaces.forEach(part -> bounds.addAll(of(part)));
        return bounds;
    }

    /// A float32 space has float32 bounds.
    private static double[] rounded(DType dtype, double[] bounds) {
        for (int k = 0; dtype == DType.FLOAT32 && k < bounds.length; k++) {
            bounds[k] = (float) bounds[k];
        }
        return bounds;
    }
}
