package io.hypertoken.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share out one round of work in blocks, a step's rows say, and wait for the next.
///
/// For one caller at a time.
/* A step of 4096 rows takes about 100 µs, so a queue and a future per block would show. One volatile round number
starts the workers and one counter ends the round; a worker spins briefly for the next round and then parks. */
public final class Workers implements AutoCloseable {
    /// One block of a round.
    public interface Task {
        /// Does block `block`, on the thread of that number.
        void run(int block);
    }

    private static final int SPINS = 2_000;

    private final Thread[] threads;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile @Nullable Task task;
    private volatile long round;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiter;

    /// @param count how many threads, beside the caller's own
    /// @param name what they are called, before their number
    public Workers(int count, String name) {
        threads = new Thread[count];
        for (int k = 0; k < count; k++) {
            int block = k;
            threads[k] = Thread.ofPlatform().daemon().name(name + "-" + (k + 1)).unstarted(() -> serve(block));
        }
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /// How many blocks run at once.
    public int count() {
        return threads.length;
    }

    /// Starts block 0 … `count() - 1` on the workers, and returns.
    public void start(Task newTask) {
        failure = null;
        task = newTask;
        unfinished.set(threads.length);
        round++;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    /// Waits until every block of the round is done.
    ///
    /// @throws IllegalStateException if one threw
    public void join() {
        waiter = Thread.currentThread();
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        waiter = null;
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("a block of work failed outside any environment: " + thrown, thrown);
        }
    }

    private void serve(int block) {
        long served = 0;
        while (true) {
            for (int spins = 0; round == served && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            served = round;
            Task current = task;
            try {
                if (current != null) {
                    current.run(block);
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(waiter);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
