package io.hypertoken.server.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/// Runs messages one at a time, in order, whatever thread they come from: a session's only queue.
///
/* A mailbox has no thread of its own. Whoever puts a message into an idle one runs it at once, if the message may run
`here`, or lets a pool thread run it; messages that come meanwhile are run by whoever is busy with it. So a short step
costs its connection's loop one uncontended lock and no hop, and two threads never touch a session, whichever loops its
former and present owner live on. */
final class Mailbox {
    private record Message(Runnable task, boolean here) {}

    private final Executor pool;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private boolean busy;

    /// @param pool runs what must not run where it comes from
    Mailbox(Executor pool) {
        this.pool = pool;
    }

    /// Runs a task, which must not throw, when all before it are done.
    ///
    /// @param here whether it is so short that it may run on the caller's thread
    void put(Runnable task, boolean here) {
        synchronized (this) {
            if (busy) {
                waiting.add(new Message(task, here));
                return;
            }
            busy = true;
        }
        if (here) {
            task.run();
            goOn(false);
        } else {
            pool.execute(() -> {
                task.run();
                goOn(true);
            });
        }
    }

    /// @param mayWait whether this is a pool thread
    private void goOn(boolean mayWait) {
        while (true) {
            Message next;
            synchronized (this) {
                next = waiting.peek();
                if (next == null) {
                    busy = false;
                    return;
                }
                if (!mayWait && !next.here) {
                    break;
                }
                waiting.remove();
            }
            next.task.run();
        }
        pool.execute(() -> goOn(true));
    }
}
