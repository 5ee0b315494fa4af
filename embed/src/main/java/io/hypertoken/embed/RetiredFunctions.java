package io.hypertoken.embed;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/// C functions that nobody calls any more, kept for a while before they are freed.
///
/* The thread that made the last call may still be on its way out through the function's own machine code: nothing tells
when it has left. Ten seconds are enough for a few instructions, whatever the machine is busy with. */
final class RetiredFunctions {
    private static final long REST_NANOS = 10_000_000_000L;

    private record Retired(Arena arena, long sinceNanos) {}

    private static final ArrayDeque<Retired> QUEUE = new ArrayDeque<>();

    private RetiredFunctions() {}

    static synchronized void add(Arena arena) {
        QUEUE.add(new Retired(arena, System.nanoTime()));
    }

    /// Frees those that have rested.
    static synchronized void free() {
        while (!QUEUE.isEmpty() && System.nanoTime() - QUEUE.peek().sinceNanos > REST_NANOS) {
            QUEUE.remove().arena.close();
        }
    }
}
