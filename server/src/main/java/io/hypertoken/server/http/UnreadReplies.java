package io.hypertoken.server.http;

import io.hypertoken.server.MemoryBudget;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connections whose peers have something to read, so that memory is taken back from whoever has read nothing for
/// the longest time. Safe for any thread.
final class UnreadReplies {
    private final MemoryBudget budget;
    private final Set<Outbox> waiting = ConcurrentHashMap.newKeySet();

    UnreadReplies(MemoryBudget budget) {
        this.budget = budget;
    }

    void add(Outbox outbox) {
        waiting.add(outbox);
    }

    void remove(Outbox outbox) {
        waiting.remove(outbox);
    }

    /// Drops peers that do not read until `bytes` more can be held, or none is left.
    ///
    /// @param except who needs the memory; null if it is held already
    synchronized void makeRoom(long bytes, @Nullable Outbox except) {
        long missing = budget.missing(bytes);
        while (missing > 0) {
            Outbox laziest = waiting.stream()
                    .filter(outbox -> outbox != except)
                    .min(Comparator.comparingLong(Outbox::unreadSinceNanos))
                    .orElse(null);
            if (laziest == null) {
                return;
            }
            waiting.remove(laziest);
            missing -= laziest.unreadBytes();
            laziest.drop("memory");
        }
    }
}
