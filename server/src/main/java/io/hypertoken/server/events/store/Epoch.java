package io.hypertoken.server.events.store;

import java.util.concurrent.ThreadLocalRandom;

/// Names of logs: no two logs share one.
final class Epoch {
    private static final int RANDOM_BITS = 22;
    private static final int DIGITS = 16;

    private Epoch() {}

    /// A name that no log has had: the time in ms, and chance for two that begin in the same.
    static long fresh() {
        long chance = ThreadLocalRandom.current().nextLong(1L << RANDOM_BITS);
        return (System.currentTimeMillis() << RANDOM_BITS) | chance;
    }

    /// As it travels: 16 hexadecimal digits.
    static String text(long epoch) {
        String digits = Long.toHexString(epoch);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }
}
