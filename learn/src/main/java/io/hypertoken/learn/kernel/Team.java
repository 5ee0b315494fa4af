package io.hypertoken.learn.kernel;

import io.hypertoken.engine.Workers;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Threads that share out numbered pieces of work, the caller among them.
///
/// Which thread does which piece is left to chance; so that results are not, a piece writes only what is its own, and
/// the caller folds what they wrote in the order of their numbers. With one thread there is none but the caller's. For
/// one caller at a time; [#close()] ends the threads.
public final class Team implements AutoCloseable {
    /// One piece of work.
    @FunctionalInterface
    public interface Piece {
        /// Does piece `piece` on thread `thread` of the team, which has scratch memory of its own by that number.
        void run(int piece, int thread);
    }

    private final @Nullable Workers helpers;
    private final Workers.Task help = block -> share(block + 1);
    private final AtomicInteger next = new AtomicInteger();
    private Piece work = (piece, thread) -> {};
    private int pieces;

    /// @param threads how many work, the caller's own among them; at least 1
    public Team(int threads) {
        helpers = threads > 1 ? new Workers(threads - 1, "hypertoken-learn") : null;
    }

    /// How many threads work.
    public int threads() {
        return helpers == null ? 1 : helpers.count() + 1;
    }

    /// Does pieces 0 … `count` - 1, and returns when all are done.
    ///
    /// @throws RuntimeException what a piece threw on the caller's thread
    /// @throws IllegalStateException if one threw on another
    public void run(int count, Piece piece) {
        work = piece;
        pieces = count;
        next.set(0);
        if (helpers == null || count == 1) {
            share(0);
            return;
        }
        helpers.start(help);
        try {
            share(0);
        } finally {
            helpers.join();
        }
    }

    private void share(int thread) {
        for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
            work.run(piece, thread);
        }
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.close();
        }
    }
}
