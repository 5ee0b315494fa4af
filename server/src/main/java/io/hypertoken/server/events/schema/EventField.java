package io.hypertoken.server.events.schema;

import io.hypertoken.Shown;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A field that a type of event knows.
///
/// @param rule what its value must be, in words, such as `a number of at least 0, or null`
/// @param required whether an event without it is refused
/// @param derivedAs how it is derived when it is left out, such as `change / price`; null: it is not
/// @param description what it means, with its unit
public record EventField(
        String name,
        String rule,
        boolean required,
        @Nullable String derivedAs,
        String description,
        Check check) {
    /// What a value is checked against, after JSON Schema's words of the same names.
    ///
    /// @param kinds one of which it is
    /// @param values the kind of each value of an object; null: any
    record Check(
            List<FieldKind> kinds,
            boolean nullable,
            double minimum,
            double maximum,
            int minLength,
            int maxLength,
            @Nullable List<@Nullable Object> words,
            @Nullable FieldKind values) {
        boolean passes(@Nullable Object value) {
            if (value == null) {
                return nullable;
            }
            if (!isOfAKind(value)) {
                return false;
            }
            return switch (value) {
                case Number number -> number.doubleValue() >= minimum && number.doubleValue() <= maximum;
                case String text ->
                    words == null ? text.length() >= minLength && text.length() <= maxLength : words.contains(text);
                case Map<?, ?> map ->
                    values == null || map.values().stream().allMatch(part -> part != null && values.holds(part));
                default -> true;
            };
        }

        private boolean isOfAKind(Object value) {
            for (int k = 0; k < kinds.size(); k++) {
                if (kinds.get(k).holds(value)) {
                    return true;
                }
            }
            return false;
        }

        String rule() {
            var rule = new StringBuilder(words == null ? kindWords() : "one of " + listed(words));
            if (minimum > -Double.MAX_VALUE && maximum < Double.MAX_VALUE) {
                rule.append(" from ").append(shown(minimum)).append(" to ").append(shown(maximum));
            } else if (minimum > -Double.MAX_VALUE) {
                rule.append(" of at least ").append(shown(minimum));
            }
            if (minLength > 0 && words == null) {
                rule.append(" that is not empty");
            }
            if (maxLength < Integer.MAX_VALUE) {
                rule.append(", at most ").append(maxLength).append(" characters");
            }
            if (values != null) {
                rule.append(" whose values are each ").append(values.words());
            }
            return rule.append(nullable ? ", or null" : "").toString();
        }

        private String kindWords() {
            return kinds.stream().map(FieldKind::words).collect(Collectors.joining(" or "));
        }

        private static String listed(List<@Nullable Object> words) {
            return words.stream()
                    .filter(word -> word != null)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
        }

        private static String shown(double bound) {
            return Shown.value((long) bound);
        }
    }
}
