package io.hypertoken.server.relay.rows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts how often pages were lost, so that a game that always breaks is not tried for ever.
final class Losses {
    private static final int MOST = 3;
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Deque<Long> times = new ArrayDeque<>();
    private @Nullable String verdict;

    void add(String why, long nowNanos) {
        times.addLast(nowNanos);
        while (nowNanos - times.getFirst() > WITHIN_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            verdict = "its pages were lost " + MOST + " times within a minute, the last because " + why;
        }
    }

    /// An episode was finished: whatever was, the game can be played.
    void forget() {
        times.clear();
    }

    /// Why there is no further try; null while there is.
    @Nullable
    String verdict() {
        return verdict;
    }
}
