package io.hypertoken.server.http;

import static io.hypertoken.server.MemoryBudget.Kind.REPLIES;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a socket has been given and its peer has not read: counted, bounded in time, and told when there is room.
///
/* All fields but the volatile and atomic ones belong to the channel's loop. What comes from other threads is on its way
to the loop for a moment, where the channel does not count it yet; `handed` does. */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    /// A message from here on is worth making room for.
    private static final int LONG = 1 << 16;
    /// What may be on its way to the loop.
    private static final int MOST_HANDED = 1 << 16;
    /// How often a peer that does not read is looked at in the time that it has.
    private static final int LOOKS = 3;

    private final Channel channel;
    private final Listener listener;
    private final AtomicInteger handed = new AtomicInteger();
    private @Nullable Runnable whenWritable;
    private boolean flushDue;
    private boolean ended;
    private boolean watched;
    private volatile long unreadBytes;
    private volatile long unreadSinceNanos;

    Outbox(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    ByteBuf buffer(int bytes) {
        if (bytes >= LONG) {
            listener.unread().makeRoom(bytes, this);
        }
        return channel.alloc().ioBuffer(bytes);
    }

    /// From any thread.
    void send(ByteBuf bytes) {
        if (channel.eventLoop().inEventLoop()) {
            write(bytes);
            return;
        }
        int length = bytes.readableBytes();
        handed.addAndGet(length);
        boolean taken = execute(() -> {
            handed.addAndGet(-length);
            write(bytes);
        });
        if (!taken) {
            handed.addAndGet(-length);
            bytes.release();
        }
    }

    /// From any thread.
    boolean isWritable() {
        return handed.get() < MOST_HANDED && channel.isWritable();
    }

    /// From any thread.
    void whenWritable(Runnable task) {
        execute(() -> {
            whenWritable = task;
            tellWritable();
        });
    }

    /// Runs a task on the loop: at once, if that is where the caller is.
    ///
    /// @return whether the loop takes it: not once the server has stopped, when a step comes back that was stuck
    boolean execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return true;
        }
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /// The channel may have become writable, or not.
    void tellWritable() {
        Runnable task = whenWritable;
        if (task != null && !ended && channel.isWritable()) {
            whenWritable = null;
            task.run();
        }
    }

    /// Sends nothing more; a goodbye is under way.
    void end() {
        ended = true;
        whenWritable = null;
    }

    /// Hands what was written to the socket.
    void flush() {
        channel.flush();
        count();
    }

    /// Counts what the socket has not taken, and watches whether it goes on taking.
    void count() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        if (pending == unreadBytes) {
            return;
        }
        listener.budget().add(REPLIES, pending - unreadBytes);
        unreadBytes = pending;
        unreadSinceNanos = System.nanoTime();
        if (pending == 0) {
            listener.unread().remove(this);
            return;
        }
        listener.unread().add(this);
        if (!watched && out != null) {
            watched = true;
            lookAgain(0, pending, out.currentProgress());
        }
        listener.unread().makeRoom(0, null);
    }

    /// Hangs up on a peer that does not read.
    void drop(String reason) {
        listener.metrics().refused(reason);
        LOG.debug("{} was dropped with {} bytes unread", channel.remoteAddress(), unreadBytes);
        channel.close();
    }

    /// The channel is closed.
    void closed() {
        end();
        listener.unread().remove(this);
        listener.budget().add(REPLIES, -unreadBytes);
        unreadBytes = 0;
    }

    long unreadBytes() {
        return unreadBytes;
    }

    long unreadSinceNanos() {
        return unreadSinceNanos;
    }

    private void write(ByteBuf bytes) {
        if (ended) {
            bytes.release();
            return;
        }
        channel.write(bytes, channel.voidPromise());
        if (!flushDue) {
            flushDue = true;
            channel.eventLoop().execute(() -> {
                flushDue = false;
                flush();
            });
        }
    }

    /// Looks in a while whether the peer has read anything, and drops it if it did not for its whole time.
    private void lookAgain(int idle, long pendingBefore, long progressBefore) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            count();
                            ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
                            if (out == null || unreadBytes == 0) {
                                watched = false;
                                return;
                            }
                            boolean still = unreadBytes == pendingBefore && out.currentProgress() == progressBefore;
                            if (still && idle + 1 == LOOKS) {
                                drop("unread");
                                return;
                            }
                            lookAgain(still ? idle + 1 : 0, unreadBytes, out.currentProgress());
                        },
                        listener.settings().limits().unreadMillis() / LOOKS,
                        TimeUnit.MILLISECONDS);
    }
}
