package io.hypertoken.server.events.schema;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.json.JsonText;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes an event's values, and refuses by its path what no JSON reader could take. For one event.
final class EventJson {
    private static final int DEPTH = 24;
    private static final int LONG_BITS = 63;
    private static final long MICROS = 1_000_000;
    /// From here on Java writes doubles with an exponent.
    private static final double EXPONENT_FROM = 1e7;

    private static final double MICROS_TO = 1e12;

    private final String type;
    private final JsonGenerator out;
    /// The names and numbers that lead to the value being written.
    private final ArrayDeque<Object> path = new ArrayDeque<>();

    EventJson(String type, JsonGenerator out) {
        this.type = type;
        this.out = out;
    }

    /// A property of the object being written.
    void property(String name, @Nullable Object value) {
        path.addLast(name);
        out.writeName(JsonText.wellFormed(name));
        value(value);
        path.removeLast();
    }

    /// An event's data, with what was derived of it in place of what it left out.
    void data(Map<String, ? extends @Nullable Object> data, Derived derived) {
        path.addLast("data");
        out.writeName("data");
        out.writeStartObject();
        data.forEach((name, value) -> {
            if (value != null || !derived.has(name)) {
                property(name, value);
            }
        });
        for (int k = 0; k < derived.count(); k++) {
            if (derived.value(k) != null) {
                property(derived.name(k), derived.value(k));
            }
        }
        out.writeEndObject();
        path.removeLast();
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case String text -> out.writeString(JsonText.wellFormed(text));
            case Long number -> out.writeNumber(number.longValue());
            case Integer number -> out.writeNumber(number.intValue());
            case Double number when Double.isFinite(number) -> number(number);
            case Float number when Float.isFinite(number) -> out.writeNumber(number.floatValue());
            case Boolean flag -> out.writeBoolean(flag);
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            case Short number -> out.writeNumber(number.intValue());
            case Byte number -> out.writeNumber(number.intValue());
            case BigInteger number when number.bitLength() <= LONG_BITS -> out.writeNumber(number.longValue());
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
                out.writeNumber(plain(micros));
                return;
            }
        }
        out.writeNumber(number);
    }

    /// A time such as 1619395200.25 as people write it: Java's own form is 1.61939520025E9.
    private static String plain(long micros) {
        String fraction = Long.toString(Math.abs(micros % MICROS) + MICROS).substring(1);
        int end = fraction.length();
        while (end > 1 && fraction.charAt(end - 1) == '0') {
            end--;
        }
        return micros / MICROS + "." + fraction.substring(0, end);
    }

    private void object(Map<?, ?> map) {
        checkDepth(map);
        out.writeStartObject();
        map.forEach((name, part) -> {
            if (!(name instanceof String text)) {
                throw refusal(map, "the names in an object are texts");
            }
            property(text, part);
        });
        out.writeEndObject();
    }

    private void array(List<?> list) {
        checkDepth(list);
        out.writeStartArray();
        int k = 0;
        for (Object part : list) {
            path.addLast(k++);
            value(part);
            path.removeLast();
        }
        out.writeEndArray();
    }

    private void checkDepth(Object value) {
        if (path.size() > DEPTH) {
            throw refusal(value instanceof Map ? "{…}" : "[…]", "values are nested at most " + DEPTH + " deep");
        }
    }

    private HyperTokenException refusal(Object value, String why) {
        var names = new ArrayList<String>();
        path.forEach(part -> names.add(part.toString()));
        return new HyperTokenException(
                BAD_FIELD,
                "refused the event " + type + " with " + Shown.shortened(String.join(".", names), 100) + "="
                        + Shown.value(value),
                why,
                "send one of these");
    }
}
