package io.hypertoken.guests.python;

import io.hypertoken.env.Signature;
import io.hypertoken.guests.DeclaredSpaces;
import io.hypertoken.space.Space;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker has said of the environments that it has really made.
///
/// @param signature agents and spaces
/// @param simultaneous whether all alive agents act at once
/// @param told all of it
record Hello(Signature signature, boolean simultaneous, Map<String, @Nullable Object> told) {
    /// @throws io.hypertoken.HyperTokenException `bad_field` for a space that no column can hold
    /// @throws IllegalArgumentException if the agents' spaces differ in shape
    static Hello read(Map<String, @Nullable Object> told, String id) {
        List<String> agents = texts(told.get("agents"));
        return new Hello(
                new Signature(
                        agents,
                        spaces(told.get("observation_spaces"), id + "'s observation space"),
                        spaces(told.get("action_spaces"), id + "'s action space")),
                "simultaneous".equals(told.get("turns")),
                told);
    }

    private static List<Space> spaces(@Nullable Object declared, String where) {
        var spaces = new ArrayList<Space>();
        if (declared instanceof List<?> list) {
            list.forEach(space -> spaces.add(DeclaredSpaces.read(space, where)));
        }
        return spaces;
    }

    static List<String> texts(@Nullable Object told) {
        return told instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    boolean masked() {
        return Boolean.TRUE.equals(told.get("masked")) && signature.maskSize() > 0;
    }

    /// The numbers that every step tells, and whether a reset tells a whole one.
    Map<String, Boolean> numbers() {
        Map<String, Boolean> numbers = new LinkedHashMap<>();
        if (told.get("numbers") instanceof Map<?, ?> named) {
            named.forEach((name, whole) -> numbers.put(String.valueOf(name), Boolean.TRUE.equals(whole)));
        }
        return numbers;
    }

    /// A number that a description tells; `otherwise` where it tells none.
    double number(String name, double otherwise) {
        return told.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }
}
