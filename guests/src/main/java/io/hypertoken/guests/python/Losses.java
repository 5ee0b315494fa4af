package io.hypertoken.guests.python;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// Whether a process that was lost is worth another: not after three within 60 s and no episode's end between.
final class Losses {
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST = 3;

    private final Deque<Long> times = new ArrayDeque<>();
    private String last = "";
    private String refusal = "";

    void add(String why) {
        long now = System.nanoTime();
        last = why;
        times.addLast(now);
        while (now - times.getFirst() > FORGET_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            refusal = "its Python was lost " + MOST
                    + " times within 60 s, and no episode came to its end between; at last " + why;
        }
    }

    /// An episode came to its end: what was lost before is forgiven.
    void forgive() {
        times.clear();
    }

    /// Why the last process was lost.
    String last() {
        return last;
    }

    /// Why there will be no other process; empty where there may.
    String refusal() {
        return refusal;
    }
}
