package io.hypertoken.server.events.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a field follows from two others: `left * right`, `left / right` or `left - right`.
///
/// Integers stay exact while 64 bits hold them; a quotient is a fraction. What is not known, or no finite number, is
/// left out.
record Derivation(String field, String left, char operator, String right) {
    /// @param formula such as `change / price`
    static Derivation of(String field, String formula) {
        String[] parts = formula.split(" ", -1);
        if (parts.length != 3 || parts[1].length() != 1 || "*/-".indexOf(parts[1].charAt(0)) < 0) {
            throw new IllegalStateException("x-derive of " + field + " is not `a * b`, `a / b` or `a - b`: " + formula);
        }
        return new Derivation(field, parts[0], parts[1].charAt(0), parts[2]);
    }

    /// The field's value; null if it does not follow.
    @Nullable
    Object from(Map<String, ? extends @Nullable Object> data, Derived before) {
        return before.value(data, left) instanceof Number a && before.value(data, right) instanceof Number b
                ? result(a, b)
                : null;
    }

    private @Nullable Object result(Number a, Number b) {
        if (operator != '/' && isWhole(a) && isWhole(b)) {
            long x = a.longValue();
            long y = b.longValue();
            if (operator == '*' && Math.multiplyHigh(x, y) == (x * y) >> (Long.SIZE - 1)) {
                return x * y;
            }
            if (operator == '-' && ((x ^ y) & (x ^ (x - y))) >= 0) {
                return x - y;
            }
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        double result = operator == '*' ? x * y : operator == '/' ? x / y : x - y;
        return Double.isFinite(result) ? (Object) result : null;
    }

    private static boolean isWhole(Number number) {
        return !(number instanceof Double || number instanceof Float);
    }
}
