package io.hypertoken.server.session;

/// Predicts whether a session's next request is so short that it may run on its owner's loop: a running mean of what
/// the last ones took.
final class RequestCost {
    private static final long SHORT_NANOS = 200_000;
    /// A session comes back to the loop only when it is clearly short, so that it does not go to and fro.
    private static final long CLEARLY_SHORT_NANOS = 100_000;
    /// One step that was slow by chance (a cold start, a collection) counts for no more than this.
    private static final long MOST_COUNTED_NANOS = 4 * SHORT_NANOS;

    private static final int WEIGHT = 8;
    private static final int ROWS_SURELY_SHORT = 1024;

    private final boolean mayEverBeHere;
    private long meanNanos;
    private volatile boolean isShort;

    /// @param mayEverBeHere whether the environment is ours and never waits
    /// @param rows what the first prediction is made from
    RequestCost(boolean mayEverBeHere, int rows) {
        this.mayEverBeHere = mayEverBeHere;
        this.isShort = mayEverBeHere && rows <= ROWS_SURELY_SHORT;
        this.meanNanos = isShort ? 0 : SHORT_NANOS;
    }

    boolean isShort() {
        return isShort;
    }

    /// Whether it is our own and never waits.
    boolean isOurs() {
        return mayEverBeHere;
    }

    /// Called by one thread at a time.
    void took(long nanos) {
        meanNanos += (Math.min(nanos, MOST_COUNTED_NANOS) - meanNanos) / WEIGHT;
        if (!mayEverBeHere) {
            return;
        }
        if (isShort && meanNanos > SHORT_NANOS) {
            isShort = false;
        } else if (!isShort && meanNanos < CLEARLY_SHORT_NANOS) {
            isShort = true;
        }
    }
}
