package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;

/// Where bytes go to a peer that may read slowly, or not at all; safe for any thread.
///
/// What is sent is never lost, kept or put aside here: whoever sends looks at [#isWritable()] first, and keeps what the
/// peer has no room for.
public interface Outlet {
    /// Memory for something to send. Where it is long, peers that do not read make room for it.
    ByteBuf buffer(int bytes);

    /// Sends bytes behind all that was sent before; they leave with others of the same moment.
    ///
    /// @param bytes released when they are sent, or when the peer is gone; their memory may be shared, their indices
    ///     may not
    void send(ByteBuf bytes);

    /// Whether the peer takes what is sent; if not, more would wait in memory.
    boolean isWritable();

    /// Runs a task on the outlet's loop as soon as the peer takes what is sent, which may be at once; never, if it is
    /// gone first. A second task replaces a first that has not run.
    void whenWritable(Runnable task);

    /// Runs a task on the outlet's loop: at once, if that is where the caller is; not at all, once that has ended.
    void execute(Runnable task);

    /// Hangs up without a goodbye.
    void close();

    /// Where the peer is, for logs.
    SocketAddress peer();
}
