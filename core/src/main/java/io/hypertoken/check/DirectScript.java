package io.hypertoken.check;

import io.hypertoken.random.Generator;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/// The scripted actions of one row, written a second time: lists of numbers instead of columns.
final class DirectScript {
    private final Generator random;

    DirectScript(long seed) {
        random = Generator.seeded(seed, 1);
    }

    /// A value of the space: an array for each leaf.
    ///
    /// @param mask which choices are allowed; empty for all
    List<double[]> choose(Space space, boolean[] mask) {
        return switch (space) {
            case Discrete discrete -> List.of(new double[] {discrete.start() + choice(discrete.n(), mask, 0)});
            case MultiDiscrete multi -> List.of(choices(multi.nvec(), mask));
            case MultiBinary binary ->
                List.of(IntStream.range(0, binary.n())
                        .mapToDouble(k -> random.integers(2))
                        .toArray());
            case Box box -> List.of(numbers(box));
            case DictSpace dict -> parts(dict.spaces().values());
            case TupleSpace tuple -> parts(tuple.spaces());
        };
    }

    private List<double[]> parts(Collection<Space> spaces) {
        var leaves = new ArrayList<double[]>();
        spaces.forEach(part -> leaves.addAll(choose(part, new boolean[0])));
        return leaves;
    }

    private double[] choices(List<Integer> counts, boolean[] mask) {
        double[] chosen = new double[counts.size()];
        int from = 0;
        for (int k = 0; k < chosen.length; k++) {
            chosen[k] = choice(counts.get(k), mask, from);
            from += counts.get(k);
        }
        return chosen;
    }

    private int choice(int count, boolean[] mask, int from) {
        int[] legal = IntStream.range(0, count)
                .filter(k -> mask.length == 0 || mask[from + k])
                .toArray();
        return legal[random.integers(legal.length)];
    }

    private double[] numbers(Box box) {
        double[] low = box.low();
        double[] high = box.high();
        double[] chosen = new double[low.length];
        for (int k = 0; k < chosen.length; k++) {
            double from = Double.isInfinite(low[k]) ? Math.min(-1, high[k]) : low[k];
            double to = Double.isInfinite(high[k]) ? Math.max(1, low[k]) : high[k];
            chosen[k] = cast(random.uniform(from, to), box.dtype());
        }
        return chosen;
    }

    private static double cast(double value, DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> value;
            case FLOAT32 -> (float) value;
            case INT8, UINT8, INT16, UINT16, INT32, INT64 -> (long) value;
        };
    }
}
