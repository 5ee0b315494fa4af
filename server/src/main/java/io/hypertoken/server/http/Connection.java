package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;

/// A WebSocket as its protocol sees it; safe for any thread.
public interface Connection {
    /// Memory for a message to send. Where it is long, peers that do not read make room for it.
    ByteBuf buffer(int bytes);

    /// Sends a message and is ready for the next one.
    ///
    /// @param message released when it is sent
    /// @param text whether it is UTF-8 text
    void reply(ByteBuf message, boolean text);

    /// Is ready for the next message without an answer to the last.
    void next();

    /// Runs a task on the connection's loop: at once, if that is where the caller is.
    void execute(Runnable task);

    /// Hangs up without a goodbye.
    void close();

    /// Where the peer is, for logs.
    SocketAddress peer();
}
