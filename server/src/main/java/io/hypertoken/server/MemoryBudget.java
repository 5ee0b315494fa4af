package io.hypertoken.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that all clients of a server hold together, by what holds it; safe for any thread.
public final class MemoryBudget {
    private static final long GIBIBYTE = 1L << 30;

    /// What holds memory.
    public enum Kind {
        /// Columns of open sessions.
        SESSIONS,
        /// Long messages that are still arriving.
        REQUESTS,
        /// What has been sent and is not yet taken by its peer's socket.
        REPLIES
    }

    private final long limit;
    private final long messageLimit;
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong replies = new AtomicLong();

    /// @param limit bytes of everything
    /// @param messageLimit bytes of requests and replies, which lie in memory that the JVM bounds by itself
    public MemoryBudget(long limit, long messageLimit) {
        this.limit = limit;
        this.messageLimit = Math.min(limit, messageLimit);
    }

    /// One GiB, or half of a smaller machine.
    public static long defaultLimit() {
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return Math.min(GIBIBYTE, machine / 2);
    }

    /// How many bytes there may be.
    public long limit() {
        return limit;
    }

    /// How many bytes are held.
    public long used() {
        return total.get();
    }

    /// How many bytes one kind holds.
    public long used(Kind kind) {
        return of(kind).get();
    }

    /// Takes bytes if there are as many left.
    public boolean reserve(Kind kind, long bytes) {
        if (total.addAndGet(bytes) > limit || (kind != Kind.SESSIONS && messages() + bytes > messageLimit)) {
            total.addAndGet(-bytes);
            return false;
        }
        of(kind).addAndGet(bytes);
        return true;
    }

    /// Counts bytes that are held already, or with a negative number, held no more.
    public void add(Kind kind, long bytes) {
        total.addAndGet(bytes);
        of(kind).addAndGet(bytes);
    }

    /// How many bytes must be given back before as many more can be held; 0 or less if none.
    public long missing(long more) {
        return Math.max(total.get() + more - limit, messages() + more - messageLimit);
    }

    private long messages() {
        return requests.get() + replies.get();
    }

    private AtomicLong of(Kind kind) {
        return switch (kind) {
            case SESSIONS -> sessions;
            case REQUESTS -> requests;
            case REPLIES -> replies;
        };
    }
}
