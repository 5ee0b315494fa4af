package io.hypertoken.env;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What values an option takes, and how a value that arrives as text, a number or a boolean is read.
public sealed interface OptionType {

    /// An integer from `low` to `high`, both allowed.
    record Integers(int low, int high) implements OptionType {}

    /// A finite number from `low` to `high`, both allowed.
    record Numbers(double low, double high) implements OptionType {}

    /// True or false.
    record Flag() implements OptionType {}

    /// One of a few words.
    record Choice(List<String> words) implements OptionType {
        public Choice {
            words = List.copyOf(words);
        }
    }

    /// Any text of at most `maxLength` characters; a list of words or numbers is read as its parts with commas between.
    record Text(int maxLength) implements OptionType {}

    /// An integer from `low` to `high`, both allowed.
    static OptionType integers(int low, int high) {
        return new Integers(low, high);
    }

    /// A finite number from `low` to `high`, both allowed.
    static OptionType numbers(double low, double high) {
        return new Numbers(low, high);
    }

    /// True or false.
    static OptionType flag() {
        return new Flag();
    }

    /// One of these words.
    static OptionType choice(String... words) {
        return new Choice(List.of(words));
    }

    /// Any text of at most `maxLength` characters; a list of words or numbers is read as its parts with commas between.
    static OptionType text(int maxLength) {
        return new Text(maxLength);
    }

    /// What a value must be, for an error: `an integer from 1 to 8`.
    default String rule() {
        return switch (this) {
            case Integers range -> "an integer from " + range.low + " to " + range.high;
            case Numbers range -> "a number from " + range.low + " to " + range.high;
            case Flag flag -> "true or false";
            case Choice choice -> "one of " + String.join(", ", choice.words);
            case Text text -> "text of at most " + text.maxLength + " characters";
        };
    }

    /// The value as this option holds it (Integer, Double, Boolean or String); null if it is not one. A number given as
    /// text has at most 32 characters.
    default @Nullable Object read(Object given) {
        return switch (this) {
            case Integers range -> {
                Double number = GivenValue.number(given);
                if (number == null || number != Math.rint(number) || number < range.low || number > range.high) {
                    yield null;
                }
                yield number.intValue();
            }
            case Numbers range -> {
                Double number = GivenValue.number(given);
                yield number == null || !(number >= range.low && number <= range.high) ? null : number;
            }
            case Flag flag ->
                switch (given) {
                    case Boolean value -> value;
                    case String text when text.equalsIgnoreCase("true") -> true;
                    case String text when text.equalsIgnoreCase("false") -> false;
                    default -> null;
                };
            case Choice choice -> {
                String word = GivenValue.word(given);
                yield choice.words.contains(word) ? word : null;
            }
            case Text limit -> GivenValue.text(given, limit.maxLength);
        };
    }
}
