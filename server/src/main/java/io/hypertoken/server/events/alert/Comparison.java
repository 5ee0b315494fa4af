package io.hypertoken.server.events.alert;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a rule compares what an event says with its own value.
enum Comparison {
    BELOW("<"),
    AT_MOST("<="),
    ABOVE(">"),
    AT_LEAST(">="),
    EQUAL("=="),
    UNEQUAL("!=");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    String sign() {
        return sign;
    }

    static @Nullable Comparison of(@Nullable Object sign) {
        for (Comparison each : values()) {
            if (each.sign.equals(sign)) {
                return each;
            }
        }
        return null;
    }

    static String signs() {
        return Arrays.stream(values()).map(Comparison::sign).collect(Collectors.joining(", "));
    }

    /// Whether only numbers can be compared so.
    boolean ordersNumbers() {
        return this != EQUAL && this != UNEQUAL;
    }

    /// Whether `found` stands so to `value`; never where one is a number and the other is not.
    boolean holds(Object found, Object value) {
        if (found instanceof Number a && value instanceof Number b) {
            int order = order(a, b);
            return switch (this) {
                case BELOW -> order < 0;
                case AT_MOST -> order <= 0;
                case ABOVE -> order > 0;
                case AT_LEAST -> order >= 0;
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
            };
        }
        return found.getClass() == value.getClass() && !ordersNumbers() && found.equals(value) == (this == EQUAL);
    }

    private static int order(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y) // exact beyond 2^53
                : Double.compare(a.doubleValue(), b.doubleValue());
    }
}
