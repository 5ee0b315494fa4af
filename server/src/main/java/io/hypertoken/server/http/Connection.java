package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;

/// A WebSocket as its protocol sees it; safe for any thread.
///
/// A protocol that answers uses [#reply(ByteBuf, boolean)] alone. One that pushes sends whole frames, see [Frames], at
/// any time by [#send(ByteBuf)], which have no part in whose turn it is.
public interface Connection extends Outlet {
    /// Sends a message and is ready for the next one.
    ///
    /// @param message released when it is sent
    /// @param text whether it is UTF-8 text
    void reply(ByteBuf message, boolean text);

    /// Is ready for the next message without an answer to the last.
    void next();

    /// Says goodbye behind all that was sent, and hangs up.
    ///
    /// @param status as in RFC 6455, 7.4
    /// @param reason at most some 100 characters of it are sent
    void close(int status, String reason);
}
