package io.hypertoken.server.events.schema;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes an event's values, and refuses by its path what no JSON reader could take. For one event.
final class EventJson {
    private static final int DEPTH = 24;
    private static final int LONGEST_PATH = 100;
    private static final int LONG_BITS = 63;
    private static final long MICROS = 1_000_000;
    /// From here on Java writes doubles with an exponent.
    private static final double EXPONENT_FROM = 1e7;

    private static final double MICROS_TO = 1e12;

    private final String type;
    private final JsonBytes out;
    /// The names and numbers that lead to the value being written.
    private final @Nullable Object[] path = new @Nullable Object[DEPTH + 2];
    private int depth;

    EventJson(String type, JsonBytes out) {
        this.type = type;
        this.out = out;
    }

    /// A property of the object being written.
    ///
    /// @param first whether it is the object's first
    void property(boolean first, String name, @Nullable Object value) {
        name(first, name);
        path[depth++] = name;
        value(value);
        depth--;
    }

    /// An event's data, with what was derived of it in place of what it left out.
    void data(Map<String, ? extends @Nullable Object> data, Derived derived) {
        name(false, "data");
        path[depth++] = "data";
        out.sign('{');
        boolean first = true;
        for (Map.Entry<String, ? extends @Nullable Object> each : data.entrySet()) {
            if (each.getValue() != null || !derived.has(each.getKey())) {
                property(first, each.getKey(), each.getValue());
                first = false;
            }
        }
        for (int k = 0; k < derived.count(); k++) {
            if (derived.value(k) != null) {
                property(first, derived.name(k), derived.value(k));
                first = false;
            }
        }
        out.sign('}');
        depth--;
    }

    private void name(boolean first, String name) {
        if (!first) {
            out.sign(',');
        }
        out.text(name);
        out.sign(':');
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.word("null");
            case String text -> out.text(text);
            case Long number -> out.number(number);
            case Integer number -> out.number(number);
            case Double number when Double.isFinite(number) -> number(number);
            case Float number when Float.isFinite(number) -> out.word(Float.toString(number));
            case Boolean flag -> out.word(flag ? "true" : "false");
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            case Short number -> out.number(number);
            case Byte number -> out.number(number);
            case BigInteger number when number.bitLength() <= LONG_BITS -> out.number(number.longValue());
            default ->
                throw refusal(
                        value,
                        "values are finite numbers, integers of 64 bits, texts, true, false, null, lists and objects");
        }
    }

    private void number(double number) {
        if (Math.abs(number) >= EXPONENT_FROM && Math.abs(number) < MICROS_TO) {
            long micros = Math.round(number * MICROS);
            if (micros / (double) MICROS == number) {
                plain(micros);
                return;
            }
        }
        out.word(Double.toString(number));
    }

    /// A time such as 1619395200.25 as people write it: Java's own form is 1.61939520025E9.
    private void plain(long micros) {
        out.number(micros / MICROS);
        out.sign('.');
        long rest = Math.abs(micros % MICROS);
        long unit = MICROS / 10;
        do {
            out.sign((char) ('0' + rest / unit));
            rest %= unit;
            unit /= 10;
        } while (rest > 0);
    }

    private void object(Map<?, ?> map) {
        checkDepth("{…}");
        out.sign('{');
        boolean first = true;
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (!(each.getKey() instanceof String name)) {
                throw refusal(map, "the names in an object are texts");
            }
            property(first, name, each.getValue());
            first = false;
        }
        out.sign('}');
    }

    private void array(List<?> list) {
        checkDepth("[…]");
        out.sign('[');
        int k = 0;
        for (Object part : list) {
            if (k > 0) {
                out.sign(',');
            }
            path[depth++] = k++;
            value(part);
            depth--;
        }
        out.sign(']');
    }

    private void checkDepth(String shown) {
        if (depth > DEPTH) {
            throw refusal(shown, "values are nested at most " + DEPTH + " deep");
        }
    }

    private HyperTokenException refusal(Object value, String why) {
        String names = Arrays.stream(path, 0, depth).map(String::valueOf).collect(Collectors.joining("."));
        return new HyperTokenException(
                BAD_FIELD,
                "refused the event " + type + " with " + Shown.shortened(names, LONGEST_PATH) + "="
                        + Shown.value(value),
                why,
                "send one of these");
    }
}
