package io.hypertoken.server.events;

import io.hypertoken.server.http.Frames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How a client is sent what it is sent.
enum Form {
    /// WebSocket text messages.
    WEBSOCKET {
        @Override
        void write(ByteBuf out, byte[] json, @Nullable String id) {
            Frames.writeTextHead(out, json.length);
            out.writeBytes(json);
        }
    },
    /// Server-Sent Events, without names, so that a browser's `onmessage` hears them all.
    EVENT_STREAM {
        @Override
        void write(ByteBuf out, byte[] json, @Nullable String id) {
            if (id != null) {
                out.writeCharSequence("id: " + id + "\n", StandardCharsets.US_ASCII);
            }
            out.writeBytes(DATA).writeBytes(json).writeBytes(END);
        }
    };

    /// More than any form adds to a message.
    static final int OVERHEAD = 96;

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    /// Writes one message.
    ///
    /// @param json of one line
    /// @param id its place in the log; null if it has none
    abstract void write(ByteBuf out, byte[] json, @Nullable String id);

    /// Writes an event.
    void write(ByteBuf out, Frame frame) {
        write(out, frame.wire(), this == EVENT_STREAM ? frame.id() : null);
    }
}
