package io.hypertoken.app;

import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Spaces in a few words, as Gymnasium prints them.
final class SpaceText {
    private SpaceText() {}

    static String of(Space space) {
        return switch (space) {
            case Box box -> "Box" + box.shape() + " " + box.dtype().numpyName();
            case Discrete(int n, int start) ->
                start == 0 ? "Discrete(" + n + ")" : "Discrete(" + n + ", start=" + start + ")";
            case MultiDiscrete(List<Integer> nvec) -> "MultiDiscrete" + nvec;
            case MultiBinary(int n) -> "MultiBinary(" + n + ")";
            case DictSpace(Map<String, Space> spaces) ->
                spaces.entrySet().stream()
                        .map(part -> part.getKey() + ": " + of(part.getValue()))
                        .collect(Collectors.joining(", ", "Dict(", ")"));
            case TupleSpace(List<Space> spaces) ->
                spaces.stream().map(SpaceText::of).collect(Collectors.joining(", ", "Tuple(", ")"));
        };
    }
}
