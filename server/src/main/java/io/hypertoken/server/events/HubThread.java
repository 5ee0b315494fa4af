package io.hypertoken.server.events;

import io.hypertoken.Shown;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that owns the hub: it runs tasks in order, keeps deadlines, and does the hub's work between them.
///
/* A producer that steps an environment must not pay for waking a thread with every event. So after the last of its
events this thread looks again every millisecond for a while, and only when it has gone to sleep for good does the next
event wake it. Tasks, behind which somebody waits, always do. */
final class HubThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HubThread.class);
    private static final int TASKS_AT_ONCE = 256;
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NAPS_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long JOIN_MILLIS = 2_000;

    private static final int AWAKE = 0;
    private static final int NAPPING = 1;
    private static final int ASLEEP = 2;

    /// What the thread does between tasks.
    interface Work {
        /// Takes in what producers have left.
        ///
        /// @return whether there was anything
        boolean takeIn();

        /// Gives out what is due.
        ///
        /// @return in how many nanoseconds more will be; [Long#MAX_VALUE] if nothing waits
        long giveOut(long nowNanos);

        /// Whether producers have left something.
        boolean hasMore();

        /// The last thing the thread does.
        void end();
    }

    /// Something to do later, unless it is cancelled.
    static final class Deadline implements Comparable<Deadline> {
        private final long atNanos;
        private final Runnable task;
        private boolean cancelled;

        Deadline(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }

        /// On the hub's thread.
        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.compare(atNanos - other.atNanos, 0);
        }
    }

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();
    private final Work work;
    private final Thread thread;
    private volatile int state = AWAKE;
    private volatile boolean closing;

    HubThread(Work work) {
        this.work = work;
        this.thread = Thread.ofPlatform().daemon().name("hypertoken-hub").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    /// Runs a task on this thread, in order.
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (state != AWAKE) {
            LockSupport.unpark(thread);
        }
    }

    /// Runs a task at once if this is the thread, ahead of what waits for it; else as [#execute(Runnable)].
    void executeHere(Runnable task) {
        if (isHere()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /// Producers have left something.
    void hint() {
        if (state == ASLEEP) {
            LockSupport.unpark(thread);
        }
    }

    /// Does something later; on the hub's thread.
    Deadline after(long millis, Runnable task) {
        var deadline = new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), task);
        deadlines.add(deadline);
        return deadline;
    }

    private void run() {
        long lastTaken = System.nanoTime();
        while (!closing) {
            boolean worked = runTasks();
            boolean taken = safely(work::takeIn);
            long now = System.nanoTime();
            if (taken) {
                lastTaken = now;
            }
            runDeadlines(now);
            long wait = giveOut(now);
            if (!worked && !taken) {
                rest(Math.min(wait, untilDeadline(now)), now - lastTaken < NAPS_FOR_NANOS);
            }
        }
        runTasks();
        work.end();
    }

    private boolean runTasks() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        for (int k = 0; task != null; k++) {
            runSafely(task);
            task = k < TASKS_AT_ONCE ? tasks.poll() : null;
        }
        return true;
    }

    private void runDeadlines(long now) {
        while (!deadlines.isEmpty() && deadlines.peek().atNanos - now <= 0) {
            Deadline due = deadlines.remove();
            if (!due.cancelled) {
                runSafely(due.task);
            }
        }
    }

    private long untilDeadline(long now) {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.peek().atNanos - now;
    }

    private long giveOut(long now) {
        try {
            return work.giveOut(now);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
            LOG.error("the hub met a defect: {}", Shown.trace(thrown));
            return NAP_NANOS;
        }
    }

    private void rest(long nanos, boolean napping) {
        state = napping ? NAPPING : ASLEEP;
        if (tasks.isEmpty() && !work.hasMore() && !closing) {
            long most = napping ? Math.min(nanos, NAP_NANOS) : nanos;
            if (most == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, Math.max(1, most));
            }
        }
        state = AWAKE;
    }

    /// The thread goes on whatever happens.
    private static void runSafely(Runnable task) {
        safely(() -> {
            task.run();
            return true;
        });
    }

    private static boolean safely(BooleanSupplier task) {
        try {
            return task.getAsBoolean();
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            LOG.error("the hub met a defect: {}", Shown.trace(thrown));
            return false;
        }
    }

    /// Ends the thread when it has done what is before it.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
