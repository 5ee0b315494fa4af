package io.hypertoken.json;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Writes numbers, and whatever an info may hold, so that any JSON reader takes them.
public final class NumberJson {
    /// Below this every whole double is exact as an integer, and shorter that way.
    private static final double WHOLE = 1e15;

    /// From here on Java writes doubles with an exponent.
    private static final double EXPONENT_FROM = 1e7;

    private NumberJson() {}

    /// A double; whole ones without a fraction, and what JSON has no number for as a string.
    public static void write(JsonGenerator out, double number) {
        if (number == Math.rint(number) && Math.abs(number) < WHOLE && !isNegativeZero(number)) {
            out.writeNumber((long) number);
        } else if (Double.isFinite(number)) {
            out.writeNumber(number);
        } else {
            out.writeString(Double.toString(number));
        }
    }

    /// A float, with as many digits as tell it from its neighbours.
    public static void write(JsonGenerator out, float number) {
        if (number == Math.rint(number) || !Float.isFinite(number)) {
            write(out, (double) number);
        } else {
            out.writeNumber(number);
        }
    }

    /// A number, string, boolean, list or map of these, as [PlainValue] makes them; anything else as its text. A double
    /// stays one for readers that tell 1.0 from 1.
    public static void writeAny(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case Boolean flag -> out.writeBoolean(flag);
            case Float number -> write(out, number.floatValue());
            case Double number when Double.isFinite(number) -> writeDouble(out, number);
            case Double number -> write(out, number.doubleValue());
            case Long number -> out.writeNumber(number.longValue());
            case Integer number -> out.writeNumber(number.intValue());
            case Short number -> out.writeNumber(number.intValue());
            case Byte number -> out.writeNumber(number.intValue());
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, part) -> {
                    out.writeName(String.valueOf(name));
                    writeAny(out, part);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(part -> writeAny(out, part));
                out.writeEndArray();
            }
            case String text -> out.writeString(text);
            default -> out.writeString(value.toString());
        }
    }

    /// Where Java's own text would have an exponent and the number is short without, as a time in seconds is.
    private static void writeDouble(JsonGenerator out, double number) {
        if (Math.abs(number) < EXPONENT_FROM || Math.abs(number) >= WHOLE) {
            out.writeNumber(number);
        } else {
            String plain = BigDecimal.valueOf(number).toPlainString();
            out.writeNumber(plain.indexOf('.') < 0 ? plain + ".0" : plain);
        }
    }

    /// A value as [#writeAny(JsonGenerator, Object)] writes it.
    public static byte[] bytes(@Nullable Object value) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writeAny(out, value);
        }
        return bytes.toByteArray();
    }

    private static boolean isNegativeZero(double number) {
        return number == 0 && 1 / number < 0;
    }
}
