package io.hypertoken.env;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A value as it was given for an option, read in no more time than it is long.
///
/* It comes from anyone: a million digits would keep BigDecimal busy for seconds. */
final class GivenValue {
    /// More than any double or integer needs.
    private static final int MOST_CHARACTERS = 32;

    /// As many digits.
    private static final int MOST_BITS = 107;

    private GivenValue() {}

    /// A number, or text that is one in decimal digits; null for anything else.
    static @Nullable Double number(Object given) {
        return switch (given) {
            case Number number when isLong(number) -> null;
            case Number number -> number.doubleValue();
            case String text when text.length() > MOST_CHARACTERS -> null;
            case String text -> {
                try {
                    new BigDecimal(text.strip()); // refuses 6d and 0x1p3, which Double takes
                    yield Double.valueOf(text.strip()); // BigDecimal takes 0.1 s for 1e999999999
                } catch (NumberFormatException notANumber) {
                    yield null;
                }
            }
            default -> null;
        };
    }

    /// A word, which may look like a number and then arrives as one from JSON and Python; empty for anything else.
    static String word(Object given) {
        return given instanceof Number number && !isLong(number)
                ? number.toString()
                : given instanceof String text ? text : "";
    }

    /// Text of at most `most` characters, or as long a list of words and numbers as its parts with commas between; null
    /// for anything else.
    static @Nullable String text(Object given, int most) {
        String text = given instanceof Collection<?> parts
                ? joined(parts, most)
                : given instanceof String single ? single : null;
        return text == null || text.length() > most ? null : text;
    }

    private static @Nullable String joined(Collection<?> parts, int most) {
        var text = new StringBuilder();
        String comma = "";
        for (Object part : parts) {
            boolean plain = part instanceof String || part instanceof Boolean;
            if (text.length() > most || !(plain || (part instanceof Number number && !isLong(number)))) {
                return null;
            }
            text.append(comma).append(part);
            comma = ",";
        }
        return text.toString();
    }

    private static boolean isLong(Number number) {
        return switch (number) {
            case BigInteger integer -> integer.bitLength() > MOST_BITS;
            case BigDecimal decimal -> decimal.unscaledValue().bitLength() > MOST_BITS;
            default -> false;
        };
    }
}
