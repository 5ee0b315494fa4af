package io.hypertoken.server.events.store;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that forces what was appended onto the disk, all of a short while together, and does what is to be done
/// now and then.
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path folder;
    private final @Nullable Duration every;
    private final Runnable nowAndThen;
    private final Thread thread;
    private final AtomicLong failures = new AtomicLong();
    /// Segments that nobody writes to any more, and whose end is not forced yet.
    private final List<FileChannel> finished = new ArrayList<>();

    private volatile boolean dirty;
    private volatile boolean closed;
    private volatile @Nullable FileChannel current;

    /// @param folder of the segments
    /// @param every how long appends gather before they are forced; null: they are not
    /// @param nowAndThen run about once a second, on this thread
    GroupCommit(Path folder, @Nullable Duration every, Runnable nowAndThen) {
        this.folder = folder;
        this.every = every;
        this.nowAndThen = nowAndThen;
        this.thread = new Thread(this::run, "hypertoken-events-sync");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /// Something was appended to a segment.
    void appended(FileChannel segment) {
        current = segment;
        if (!dirty) {
            dirty = true;
            LockSupport.unpark(thread);
        }
    }

    /// A segment is full: its channel is this thread's now.
    void finished(FileChannel segment) {
        synchronized (finished) {
            finished.add(segment);
        }
    }

    /// How often the disk has refused to take what was appended.
    long failures() {
        return failures.get();
    }

    /// Ends the thread, and forces the rest.
    ///
    /// @return whether everything is on the disk, as far as this thread forces at all
    boolean close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the rest must be forced all the same
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return every != null && failures.get() == 0;
    }

    private void run() {
        long nextLook = System.nanoTime() + IDLE_NANOS;
        while (!closed) {
            LockSupport.parkNanos(this, IDLE_NANOS);
            if (dirty && every != null && !closed) {
                gather(every.toNanos());
            }
            commit();
            if (System.nanoTime() - nextLook >= 0) {
                nextLook = System.nanoTime() + IDLE_NANOS;
                nowAndThen();
            }
        }
        commit();
    }

    private void gather(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void commit() {
        boolean due = dirty;
        dirty = false;
        List<FileChannel> full;
        synchronized (finished) {
            full = new ArrayList<>(finished);
            finished.clear();
        }
        for (FileChannel segment : full) {
            force(() -> segment.force(false));
            closeQuietly(segment);
        }
        if (!full.isEmpty()) {
            force(() -> SegmentFiles.force(folder));
        }
        FileChannel now = current;
        if (due && now != null && !full.contains(now)) {
            force(() -> now.force(false));
        }
    }

    private void force(Forced what) {
        if (every == null) {
            return;
        }
        try {
            what.force();
        } catch (ClosedChannelException e) {
            dirty = true; // an interrupt closed it: the next append opens another
        } catch (IOException e) {
            failures.incrementAndGet();
            LOG.error(
                    "the disk did not take the event log: {}; what was stored may be lost with the machine",
                    e.toString());
        }
    }

    private void nowAndThen() {
        try {
            nowAndThen.run();
        } catch (RuntimeException e) {
            LOG.error("keeping the event log within its bounds failed", e);
        }
    }

    @FunctionalInterface
    private interface Forced {
        void force() throws IOException;
    }

    private static void closeQuietly(FileChannel segment) {
        try {
            segment.close();
        } catch (IOException e) {
            LOG.debug("closing a full segment", e); // it is forced, and nothing else is wanted of it
        }
    }
}
