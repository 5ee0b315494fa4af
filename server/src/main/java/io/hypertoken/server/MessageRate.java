package io.hypertoken.server;

import java.util.function.LongSupplier;

/// Lets so many messages a second pass, and as many at once after a second of silence. For one thread at a time.
public final class MessageRate {
    private static final double NANOS_A_SECOND = 1e9;

    private final int perSecond;
    private double allowed;
    private long lastNanos;

    /// @param perSecond 0 for any number
    public MessageRate(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.allowed = perSecond;
        this.lastNanos = nowNanos;
    }

    /// Whether one more message may pass now.
    public boolean admits(LongSupplier nanoClock) {
        if (perSecond == 0) {
            return true;
        }
        long nowNanos = nanoClock.getAsLong();
        allowed = Math.min(perSecond, allowed + (nowNanos - lastNanos) / NANOS_A_SECOND * perSecond);
        lastNanos = nowNanos;
        if (allowed < 1) {
            return false;
        }
        allowed--;
        return true;
    }
}
