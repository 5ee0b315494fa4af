package io.hypertoken.embed;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes maps, lists, numbers, texts and flags as JSON, for a host that reads JSON and Python's NaN and Infinity.
///
/// A whole-number type is written without a point and a floating type with one, so that the host tells 1 from 1.0.
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(@Nullable Object value) {
        var json = new Json();
        json.write(value);
        return json.text.toString();
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case String string -> writeText(string);
            case Boolean flag -> text.append(flag.booleanValue());
            case Double number -> text.append(number.doubleValue());
            case Float number -> text.append(number.doubleValue());
            case Number number -> text.append(number);
            case Map<?, ?> map -> writeMap(map);
            case Iterable<?> list -> writeList(list.iterator());
            case int[] numbers -> writeList(Arrays.stream(numbers).boxed().iterator());
            case long[] numbers -> writeList(Arrays.stream(numbers).boxed().iterator());
            case double[] numbers -> writeList(Arrays.stream(numbers).boxed().iterator());
            case Object[] values -> writeList(Arrays.asList(values).iterator());
            default -> writeText(value.toString());
        }
    }

    private void writeMap(Map<?, ?> map) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            writeText(String.valueOf(entry.getKey()));
            text.append(':');
            write(entry.getValue());
            separator = ",";
        }
        text.append(map.isEmpty() ? "{}" : "}");
    }

    private void writeList(Iterator<?> values) {
        text.append('[');
        while (values.hasNext()) {
            write(values.next());
            if (values.hasNext()) {
                text.append(',');
            }
        }
        text.append(']');
    }

    private void writeText(String string) {
        text.append('"');
        for (int k = 0; k < string.length(); k++) {
            char c = string.charAt(k);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                // Half a surrogate pair has no UTF-8; escaped, every text arrives.
                text.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[(c >> 8) & 15])
                        .append(HEX[(c >> 4) & 15])
                        .append(HEX[c & 15]);
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
