package io.hypertoken.env;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A value for every declared option, checked against its declaration; immutable.
public final class Options {
    private final Map<String, Object> values;

    Options(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// The value of an integer option.
    ///
    /// @throws IllegalArgumentException if none of that name and type is declared
    public int integer(String name) {
        return value(name, Integer.class);
    }

    /// The value of a number option.
    ///
    /// @throws IllegalArgumentException if none of that name and type is declared
    public double number(String name) {
        return value(name, Double.class);
    }

    /// The value of a flag option.
    ///
    /// @throws IllegalArgumentException if none of that name and type is declared
    public boolean flag(String name) {
        return value(name, Boolean.class);
    }

    /// The value of a choice or text option.
    ///
    /// @throws IllegalArgumentException if none of that name and type is declared
    public String text(String name) {
        return value(name, String.class);
    }

    /// All values by name, in declared order: Integer, Double, Boolean or String.
    public Map<String, Object> values() {
        return values;
    }

    private <T> T value(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("asked for option " + name + " as " + type.getSimpleName()
                    + "; the environment declares " + values + "; declare it in the Spec");
        }
        return type.cast(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options options && values.equals(options.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
