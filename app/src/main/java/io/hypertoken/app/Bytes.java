package io.hypertoken.app;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An amount of memory as a command-line option takes it: bytes, or with k, m, g or t the powers of 1024.
final class Bytes implements ITypeConverter<Long> {
    private static final Pattern AMOUNT = Pattern.compile("([1-9][0-9]{0,11})([kmgt]?)b?");
    private static final String UNITS = "kmgt";
    private static final int BITS_A_UNIT = 10;

    @Override
    public Long convert(String text) {
        Matcher amount = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!amount.matches()) {
            throw refusal(text);
        }
        int unit = amount.group(2).isEmpty() ? 0 : UNITS.indexOf(amount.group(2)) + 1;
        long number = Long.parseLong(amount.group(1));
        if (number > Long.MAX_VALUE >> unit * BITS_A_UNIT) {
            throw refusal(text);
        }
        return number << unit * BITS_A_UNIT;
    }

    private static TypeConversionException refusal(String text) {
        return new TypeConversionException("'" + text + "' is not an amount of memory such as 512m or 4g");
    }
}
