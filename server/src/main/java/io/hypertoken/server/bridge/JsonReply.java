package io.hypertoken.server.bridge;

import io.hypertoken.json.JsonText;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.session.Recorded;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A reply of one JSON object, not empty, kept apart from the request's id so that it can be given again to a repeated
/// one.
///
/// @param bytes `{"…":…}` in UTF-8
@SuppressWarnings("ArrayRecordComponent") // replies are sent, never compared
record JsonReply(byte[] bytes) implements Recorded {
    private static final int ROOM_FOR_ID = 24;

    /// The message.
    ///
    /// @param id a String, a Long, or null for a request without one
    ByteBuf message(Connection connection, @Nullable Object id) {
        ByteBuf buffer = connection.buffer(bytes.length + ROOM_FOR_ID);
        int from = 0;
        if (id != null) {
            buffer.writeCharSequence("{\"id\":", StandardCharsets.US_ASCII);
            if (id instanceof String text) {
                buffer.writeCharSequence(JsonText.quoted(text), StandardCharsets.UTF_8);
            } else {
                buffer.writeCharSequence(id.toString(), StandardCharsets.US_ASCII);
            }
            buffer.writeByte(',');
            from = 1;
        }
        return buffer.writeBytes(bytes, from, bytes.length - from);
    }
}
