package io.hypertoken.embed;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the host asks for, as text: names and values, each ended by a NUL.
///
/// The value of an option (`option.decks`) begins with a letter for its type, so that a number, a flag and a text are
/// told apart as in JSON: `i6`, `f0.75`, `btrue`, `sfast`.
final class Request {
    private static final String OPTION = "option.";
    static final char SEPARATOR = '\0';

    private final Map<String, String> fields;

    private Request(Map<String, String> fields) {
        this.fields = fields;
    }

    static Request parse(String text) {
        var fields = new LinkedHashMap<String, String>();
        int at = 0;
        while (at < text.length()) {
            int nameEnd = end(text, at);
            int valueEnd = end(text, nameEnd + 1);
            fields.put(text.substring(at, nameEnd), text.substring(nameEnd + 1, valueEnd));
            at = valueEnd + 1;
        }
        return new Request(fields);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    String text(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("a request without " + name + "; the host must send it; report this");
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    /// The environment options it holds, as a Spec reads them.
    Map<String, Object> options() {
        var options = new LinkedHashMap<String, Object>();
        fields.forEach((name, value) -> {
            if (name.startsWith(OPTION)) {
                options.put(name.substring(OPTION.length()), option(value));
            }
        });
        return options;
    }

    private static Object option(String typed) {
        String value = typed.substring(1);
        return switch (typed.charAt(0)) {
            case 'i' -> integer(value);
            case 'f' -> Double.valueOf(value);
            case 'b' -> Boolean.valueOf(value);
            default -> value;
        };
    }

    /// Whole numbers beyond 64 bits are no option's value either way; as a double they are refused as out of range.
    private static Object integer(String digits) {
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException tooLarge) {
            return Double.valueOf(digits);
        }
    }

    private static int end(String text, int from) {
        int end = text.indexOf(SEPARATOR, from);
        if (end < 0) {
            throw new IllegalStateException("a request that ends in the middle of a field; report this");
        }
        return end;
    }
}
