package io.hypertoken.record;

import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Spaces in a word or two, as a playthrough's first line has them: `Discrete(8)`, `Box(0, 1, (3, 3, 2), int8)`.
final class SpaceWords {
    private SpaceWords() {}

    static String of(Space space) {
        return switch (space) {
            case Discrete(int n, int start) -> "Discrete(" + n + (start == 0 ? "" : ", start=" + start) + ")";
            case MultiDiscrete(List<Integer> nvec) -> "MultiDiscrete" + tuple(nvec);
            case MultiBinary(int n) -> "MultiBinary(" + n + ")";
            case Box box ->
                "Box(" + bounds(box.low()) + ", " + bounds(box.high()) + ", " + tuple(box.shape()) + ", "
                        + box.dtype().numpyName() + ")";
            case DictSpace dict ->
                dict.spaces().entrySet().stream()
                        .map(part -> part.getKey() + ": " + of(part.getValue()))
                        .collect(Collectors.joining(", ", "Dict(", ")"));
            case TupleSpace tuple ->
                tuple.spaces().stream().map(SpaceWords::of).collect(Collectors.joining(", ", "Tuple(", ")"));
        };
    }

    /// A number without a needless fraction: `0`, `-1`, `0.25`.
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String bounds(double[] bounds) {
        boolean uniform = Arrays.stream(bounds).allMatch(bound -> bound == bounds[0]);
        return uniform
                ? number(bounds[0])
                : Arrays.stream(bounds).mapToObj(SpaceWords::number).collect(Collectors.joining(" ", "[", "]"));
    }

    private static String tuple(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
