package io.hypertoken.guests.wasm;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Interrupts the thread that is in a module for longer than it may be.
///
/* Compiled code asks at every turn of a loop whether its thread is interrupted, so an interrupt ends an endless loop. One
thread watches all modules. It sleeps at most a quarter of the shortest limit, so nobody has to wake it: whoever enters
only writes down until when it may stay, which costs a reading of the clock. */
final class Watch {
    private static final long IDLE = Long.MIN_VALUE;
    private static final long INTERRUPTING = IDLE + 1;
    private static final long INTERRUPTED = IDLE + 2;

    private static final long LONGEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Set<Watch> ALL = ConcurrentHashMap.newKeySet();
    private static @Nullable Thread watcher;

    private final long shortest;
    private volatile Duration allowed;
    /// When the call under way must be over, on [System#nanoTime()]'s clock, or one of the three words above.
    private final AtomicLong until = new AtomicLong(IDLE);

    private volatile @Nullable Thread caller;

    /// @param shortest the least that [#enter(Duration)] will be told
    Watch(Duration shortest) {
        this.shortest = shortest.toNanos();
        this.allowed = shortest;
    }

    /// The caller's thread enters a module; it must call [#leave()] in any case.
    ///
    /// @param time how long it may stay
    void enter(Duration time) {
        caller = Thread.currentThread();
        allowed = time;
        until.set(Math.max(INTERRUPTED + 1, System.nanoTime() + time.toNanos()));
    }

    /// How long the caller's thread may stay, or could when it was last there, for sentences: `10 s`.
    String allowed() {
        return allowed.toMillis() / 1e3 + " s";
    }

    /// Whether the caller's thread has stayed too long.
    boolean late() {
        long now = until.get();
        return now == INTERRUPTING || now == INTERRUPTED;
    }

    /// The caller's thread has left the module, and will not be interrupted any more.
    void leave() {
        until.getAndUpdate(was -> was == INTERRUPTING || was == INTERRUPTED ? was : IDLE);
        if (until.get() == IDLE) {
            return;
        }
        while (until.get() == INTERRUPTING) {
            Thread.onSpinWait();
        }
        Thread.interrupted(); // it was meant for the module
        until.set(IDLE);
    }

    /// Begins to watch.
    Watch open() {
        synchronized (ALL) {
            ALL.add(this);
            if (watcher == null) {
                watcher = Thread.ofPlatform()
                        .daemon()
                        .name("hypertoken-wasm-watch")
                        .start(Watch::watchAll);
            } else {
                LockSupport.unpark(watcher); // its limit may be shorter than all others
            }
        }
        return this;
    }

    /// Watches no more.
    void close() {
        ALL.remove(this);
    }

    private static void watchAll() {
        while (true) {
            long now = System.nanoTime();
            long sleep = LONGEST_SLEEP;
            for (Watch watch : ALL) {
                sleep = Math.min(sleep, Math.min(watch.shortest / 4, watch.look(now)));
            }
            synchronized (ALL) {
                if (ALL.isEmpty()) {
                    watcher = null;
                    return;
                }
            }
            LockSupport.parkNanos(Math.max(sleep, 100_000));
        }
    }

    /// Interrupts the call under way if its time is over.
    ///
    /// @return how many nanoseconds are left, as far as is known
    private long look(long now) {
        long end = until.get();
        if (end <= INTERRUPTED) {
            return LONGEST_SLEEP;
        }
        if (end - now > 0) {
            return end - now;
        }
        Thread thread = caller;
        if (until.compareAndSet(end, INTERRUPTING)) {
            if (thread != null) {
                thread.interrupt();
            }
            until.set(INTERRUPTED);
        }
        return LONGEST_SLEEP;
    }
}
