package io.hypertoken.guests;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a space that a guest declares as JSON, in the form in which this project describes its own: a map that begins
/// with `type`.
///
/// A bound is a number for all elements or nested as the shape is; null, or none at all, where there is no bound. A Box
/// without `dtype` is float32, a Discrete without `start` begins at 0. Whatever does not fit is refused by name, for
/// what a guest says is a stranger's word.
public final class DeclaredSpaces {
    private static final int MOST_ELEMENTS = 1 << 26;
    private static final int DEEPEST = 16;

    private DeclaredSpaces() {}

    /// The space that `json` declares.
    ///
    /// @param json a map as [io.hypertoken.json.JsonMessage] makes it
    /// @param where whose it is, such as `page my-game's observation_space`; the beginning of every refusal
    /// @throws HyperTokenException `bad_field`
    public static Space read(@Nullable Object json, String where) {
        return read(json, where, 0);
    }

    private static Space read(@Nullable Object json, String where, int depth) {
        if (!(json instanceof Map<?, ?> fields)) {
            throw refusal(where, json, "a space is an object with a type, such as {\"type\":\"discrete\",\"n\":4}");
        }
        if (depth == DEEPEST) {
            throw refusal(where, json, "spaces may be nested " + DEEPEST + " deep");
        }
        String type = fields.get("type") instanceof String named ? named : "";
        try {
            return switch (type) {
                case "box" -> box(fields, where);
                case "discrete" ->
                    new Discrete(
                            whole(fields.get("n"), where + ".n"),
                            fields.get("start") == null ? 0 : whole(fields.get("start"), where + ".start"));
                case "multi_discrete" -> new MultiDiscrete(wholes(fields.get("nvec"), where + ".nvec"));
                case "multi_binary" -> new MultiBinary(whole(fields.get("n"), where + ".n"));
                case "dict" -> new DictSpace(named(fields.get("spaces"), where, depth));
                case "tuple" -> new TupleSpace(listed(fields.get("spaces"), where, depth));
                default ->
                    throw new HyperTokenException(
                            BAD_FIELD,
                            where + " refused the space type " + Shown.value(fields.get("type")),
                            "box, discrete, multi_discrete, multi_binary, dict and tuple are known; text, sequence"
                                    + " and graph have no fixed size, so that no column can hold them",
                            "declare one of the known ones, for a text a multi_discrete of its characters");
            };
        } catch (IllegalArgumentException | ArithmeticException refused) { // the space's own rules
            throw refusal(where, json, String.valueOf(refused.getMessage()));
        }
    }

    private static Map<String, Space> named(@Nullable Object json, String where, int depth) {
        if (!(json instanceof Map<?, ?> parts)) {
            throw refusal(where + ".spaces", json, "a dict's spaces are an object of spaces by name");
        }
        var spaces = new LinkedHashMap<String, Space>();
        parts.forEach((name, part) -> spaces.put(String.valueOf(name), read(part, where + "." + name, depth + 1)));
        return spaces;
    }

    private static List<Space> listed(@Nullable Object json, String where, int depth) {
        if (!(json instanceof List<?> parts)) {
            throw refusal(where + ".spaces", json, "a tuple's spaces are an array of spaces");
        }
        var spaces = new ArrayList<Space>();
        for (Object part : parts) {
            spaces.add(read(part, where + "." + spaces.size(), depth + 1));
        }
        return spaces;
    }

    private static Box box(Map<?, ?> fields, String where) {
        List<Integer> shape = wholes(fields.get("shape"), where + ".shape");
        long size = 1;
        for (int dimension : shape) {
            size *= Math.max(1, dimension);
            if (size > MOST_ELEMENTS) {
                throw refusal(where + ".shape", shape, "a box has at most " + MOST_ELEMENTS + " elements");
            }
        }
        return new Box(
                dtype(fields.get("dtype"), where),
                shape,
                bounds(fields.get("low"), Double.NEGATIVE_INFINITY, shape, (int) size, where + ".low"),
                bounds(fields.get("high"), Double.POSITIVE_INFINITY, shape, (int) size, where + ".high"));
    }

    private static DType dtype(@Nullable Object json, String where) {
        if (json == null) {
            return DType.FLOAT32;
        }
        for (DType dtype : DType.values()) {
            if (dtype.numpyName().equals(json)) {
                return dtype;
            }
        }
        throw refusal(
                where + ".dtype",
                json,
                "it must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(DType.values())
                                        .map(DType::numpyName)
                                        .toList()));
    }

    private static double[] bounds(
            @Nullable Object json, double infinite, List<Integer> shape, int size, String where) {
        double[] bounds = new double[size];
        if (json instanceof List<?>) {
            int filled = fill(bounds, 0, json, infinite, shape, 0, where);
            if (filled != size) {
                throw refusal(where, json, "it must be a number, or nested as the shape " + shape + " is");
            }
        } else {
            Arrays.fill(bounds, bound(json, infinite, where));
        }
        return bounds;
    }

    private static int fill(
            double[] bounds,
            int from,
            @Nullable Object json,
            double infinite,
            List<Integer> shape,
            int dimension,
            String where) {
        if (dimension == shape.size()) {
            bounds[from] = bound(json, infinite, where);
            return from + 1;
        }
        if (!(json instanceof List<?> parts) || parts.size() != shape.get(dimension)) {
            throw refusal(where, json, "it must be a number, or nested as the shape " + shape + " is");
        }
        int at = from;
        for (Object part : parts) {
            at = fill(bounds, at, part, infinite, shape, dimension + 1, where);
        }
        return at;
    }

    private static double bound(@Nullable Object json, double infinite, String where) {
        return switch (json) {
            case null -> infinite;
            case Number number -> number.doubleValue();
            default -> throw refusal(where, json, "a bound is a number, or null where there is none");
        };
    }

    private static List<Integer> wholes(@Nullable Object json, String where) {
        if (!(json instanceof List<?> parts)) {
            throw refusal(where, json, "it must be an array of integers");
        }
        var wholes = new ArrayList<Integer>();
        for (Object part : parts) {
            wholes.add(whole(part, where));
        }
        return wholes;
    }

    private static int whole(@Nullable Object json, String where) {
        if (json instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && Math.abs(number.doubleValue()) <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw refusal(where, json, "it must be an integer of 32 bits");
    }

    private static HyperTokenException refusal(String where, @Nullable Object value, String why) {
        return new HyperTokenException(
                BAD_FIELD, where + " refused " + Shown.value(value), why, "declare the space that the rules have");
    }
}
