package io.hypertoken.guests.wasm;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// When a group lost its rules, so that it is not started again for ever.
final class Losses {
    private static final int MOST = 3;
    private static final long WITHIN_NANOS = 60_000_000_000L;

    private final LongSupplier nanoTime;
    private final long[] last = new long[MOST];
    private int count;
    private @Nullable String words;

    Losses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// The rules were lost.
    void lost(String why) {
        last[count++ % MOST] = nanoTime.getAsLong();
        words = why;
    }

    /// An episode came to its end.
    void episodeFinished() {
        count = 0;
    }

    /// Why they are not started again; null if they may be: after three losses in a minute without a finished episode.
    @Nullable
    String givenUp() {
        if (count < MOST || last[(count - 1) % MOST] - last[count % MOST] > WITHIN_NANOS) {
            return null;
        }
        return "lost " + MOST + " times within a minute, at last because " + words;
    }
}
