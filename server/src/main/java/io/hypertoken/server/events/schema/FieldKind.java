package io.hypertoken.server.events.schema;

import java.util.List;
import java.util.Map;

/// What a field's value is. Numbers are finite; an integer may come as a whole number with a fraction of zero, as
/// JSON Schema has it.
enum FieldKind {
    STRING("a string"),
    NUMBER("a number"),
    INTEGER("an integer"),
    BOOLEAN("true or false"),
    OBJECT("an object"),
    ARRAY("a list");

    private static final double LONG_END = 0x1p63;

    private final String words;

    FieldKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean holds(Object value) {
        return switch (this) {
            case STRING -> value instanceof String;
            case NUMBER -> isNumber(value);
            case INTEGER -> isInteger(value);
            case BOOLEAN -> value instanceof Boolean;
            case OBJECT -> value instanceof Map<?, ?>;
            case ARRAY -> value instanceof List<?>;
        };
    }

    private static boolean isNumber(Object value) {
        return switch (value) {
            case Double number -> Double.isFinite(number);
            case Float number -> Float.isFinite(number);
            default -> isWhole(value);
        };
    }

    private static boolean isInteger(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return number == Math.rint(number) && Math.abs(number) < LONG_END;
        }
        return isWhole(value);
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }
}
