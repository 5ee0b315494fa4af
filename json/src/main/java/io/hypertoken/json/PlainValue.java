package io.hypertoken.json;

import io.hypertoken.Shown;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Copies what an environment has told into values that JSON can always hold, within a size.
///
/// By then rows have moved, so nothing in here may fail: what is cyclic, too deep, too long, or throws when it is
/// looked at becomes a short text that says so.
public final class PlainValue {
    /// Of one value: each part counts one, and each character of a text.
    public static final long MOST = 1 << 20;

    private static final int DEPTH = 16;
    private static final int LONGEST_KEY = 256;
    private static final int LONG_BITS = 63;

    private final Set<Object> within = Collections.newSetFromMap(new IdentityHashMap<>());
    private long left;

    private PlainValue(long most) {
        this.left = most;
    }

    /// A value, or why it cannot be written.
    ///
    /// @param most how much of it there may be
    /// @return a Boolean, Number, String, or a List or Map of these and null
    public static @Nullable Object of(@Nullable Object value, long most) {
        if (value == null || value instanceof Boolean || isNumber(value)) {
            return value;
        }
        try {
            return new PlainValue(most).copy(value, 0);
        } catch (NotWritable why) {
            return "<not writable: " + why.reason + ">";
        } catch (Throwable thrown) { // somebody's toString, iterator or map
            return "<not writable: " + JsonText.wellFormed(Shown.failure(thrown)) + ">";
        }
    }

    /// How much there is of a plain value.
    public static long size(@Nullable Object plain) {
        return switch (plain) {
            case String text -> text.length();
            case List<?> list -> 1 + list.stream().mapToLong(PlainValue::size).sum();
            case Map<?, ?> map ->
                1
                        + map.entrySet().stream()
                                .mapToLong(part -> size(part.getKey()) + size(part.getValue()))
                                .sum();
            case null, default -> 1;
        };
    }

    private @Nullable Object copy(@Nullable Object value, int depth) {
        spend(1);
        return switch (value) {
            case null -> null;
            case Boolean flag -> flag;
            case Number number when isNumber(number) -> number;
            case BigInteger number when number.bitLength() <= LONG_BITS -> number.longValue();
            case Map<?, ?> map -> inside(map, depth, () -> copy(map, depth + 1));
            case List<?> list -> inside(list, depth, () -> copy(list, depth + 1));
            default -> text(value.toString());
        };
    }

    private Map<String, @Nullable Object> copy(Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, part) -> copy.put(key(key), copy(part, depth)));
        return copy;
    }

    private List<@Nullable Object> copy(List<?> list, int depth) {
        var copy = new ArrayList<@Nullable Object>();
        for (Object part : list) {
            copy.add(copy(part, depth));
        }
        return copy;
    }

    private Object inside(Object container, int depth, Supplier<Object> copier) {
        if (depth == DEPTH) {
            throw new NotWritable("it is nested more than " + DEPTH + " deep");
        }
        if (!within.add(container)) {
            throw new NotWritable("it contains itself");
        }
        Object copy = copier.get();
        within.remove(container);
        return copy;
    }

    private String key(@Nullable Object key) {
        String text = key instanceof String name ? name : Shown.value(key);
        spend(text.length());
        return JsonText.wellFormed(Shown.shortened(text, LONGEST_KEY));
    }

    private String text(@Nullable String text) {
        String told = text == null ? "null" : text;
        spend(told.length());
        return JsonText.wellFormed(told);
    }

    private void spend(long size) {
        left -= size;
        if (left < 0) {
            throw new NotWritable("it is too long");
        }
    }

    private static boolean isNumber(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte;
    }

    private static final class NotWritable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String reason;

        NotWritable(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
