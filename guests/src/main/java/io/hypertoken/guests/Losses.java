package io.hypertoken.guests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// How often rules that run elsewhere were lost, and whether they are worth another start: not after three losses
/// within
/// 60 s with no episode's end between.
///
/// Counted by the one thread that plays the rows; [#count()] and [#last()] are safe for any.
public final class Losses {
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST = 3;

    private final String whose;
    private final Deque<Long> times = new ArrayDeque<>();
    private volatile int count;
    private volatile String last = "";
    private String refusal = "";

    /// @param whose what is lost, such as `its Python`
    public Losses(String whose) {
        this.whose = whose;
    }

    /// They were lost.
    public void add(String why) {
        long now = System.nanoTime();
        last = why;
        count = count + 1;
        times.addLast(now);
        while (now - times.getFirst() > WITHIN_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            refusal = whose + " was lost " + MOST
                    + " times within 60 s, and no episode came to its end between; at last " + why;
        }
    }

    /// An episode came to its end: what was lost before is forgiven.
    public void forgive() {
        times.clear();
    }

    /// How often they were lost.
    public int count() {
        return count;
    }

    /// Why they were lost last; empty if they never were.
    public String last() {
        return last;
    }

    /// Why they are not started again; empty while they may be.
    public String refusal() {
        return refusal;
    }
}
