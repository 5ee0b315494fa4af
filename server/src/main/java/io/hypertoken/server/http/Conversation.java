package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;

/// A protocol's end of one connection. All methods are called on the connection's loop, one at a time.
///
/// Messages come one by one: the next only after [Connection#reply(ByteBuf, boolean)] or [Connection#next()].
public interface Conversation {
    /// The connection is open. The first message comes after [Connection#next()].
    void begin();

    /// A whole text message in valid UTF-8, which the conversation releases.
    void text(ByteBuf message);

    /// A whole binary message, which the conversation releases.
    void binary(ByteBuf message);

    /// How many bytes a binary message may have now; a text's limit counts where that is larger.
    long longestBinary();

    /// The connection is gone; nobody listens any more.
    void end();
}
