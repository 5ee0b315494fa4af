package io.hypertoken.app;

import io.hypertoken.Shown;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How many steps a second a command-line option asks for: 0 for as many as there can be.
final class Speed implements ITypeConverter<Double> {
    private static final double MOST = 1e9;

    @Override
    public Double convert(String text) {
        try {
            double speed = Double.parseDouble(text);
            if (speed >= 0 && speed <= MOST) {
                return speed;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new TypeConversionException(
                "'" + Shown.shortened(text, 60) + "' is not a number of steps a second from 0 up");
    }
}
