package io.hypertoken.app;

import io.hypertoken.Shown;
import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The whole numbers that command-line options take; a number beyond them is refused with the bounds.
final class WholeNumber {
    private WholeNumber() {}

    /// How many of something that there must be: from 1 up.
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) parsed(text, 1, Integer.MAX_VALUE);
        }
    }

    /// How many of something that may be none: from 0 up.
    static final class CountOrNone implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) parsed(text, 0, Integer.MAX_VALUE);
        }
    }

    /// A TCP port, or 0 for any free one.
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) parsed(text, 0, 65_535);
        }
    }

    /// A seed: from 0 up, in 64 bits.
    static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parsed(text, 0, Long.MAX_VALUE);
        }
    }

    /// How many steps there are to be: from 1 up, in 64 bits.
    static final class Steps implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parsed(text, 1, Long.MAX_VALUE);
        }
    }

    private static long parsed(String text, long least, long most) {
        boolean number = text.matches("-?\\d{1,19}");
        BigInteger value = number ? new BigInteger(text) : BigInteger.ZERO;
        if (!number
                || value.compareTo(BigInteger.valueOf(least)) < 0
                || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(
                    "'" + Shown.shortened(text, 60) + "' is not a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }
}
