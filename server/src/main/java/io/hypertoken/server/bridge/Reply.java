package io.hypertoken.server.bridge;

import io.hypertoken.engine.Batch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// The answer to one request, kept apart from the request's id so that it can be given again to a repeated one.
@SuppressWarnings("ArrayRecordComponent") // replies are sent, never compared
sealed interface Reply {

    /// One JSON object, not empty.
    ///
    /// @param bytes `{"…":…}` in UTF-8
    record Json(byte[] bytes) implements Reply {
        private static final int ROOM_FOR_ID = 24;

        /// The message.
        ///
        /// @param id a String, a Long, or null for a request without one
        WebSocketFrame frame(ByteBufAllocator allocator, @Nullable Object id) {
            ByteBuf buffer = allocator.ioBuffer(bytes.length + ROOM_FOR_ID);
            int from = 0;
            if (id != null) {
                buffer.writeCharSequence("{\"id\":", StandardCharsets.US_ASCII);
                if (id instanceof String text) {
                    buffer.writeByte('"');
                    buffer.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
                    buffer.writeByte('"');
                } else {
                    buffer.writeCharSequence(id.toString(), StandardCharsets.US_ASCII);
                }
                buffer.writeByte(',');
                from = 1;
            }
            return new TextWebSocketFrame(buffer.writeBytes(bytes, from, bytes.length - from));
        }
    }

    /// A reply in a binary frame.
    sealed interface Binary extends Reply {
        /// The message, read from the batch while its session is locked.
        WebSocketFrame frame(ByteBufAllocator allocator, Batch batch, long requestId);
    }

    /// A batch's reply columns, which stand in the batch until it moves.
    ///
    /// @param operation 1 reset, 2 step
    /// @param at the request's number
    /// @param infos JSON; empty for none
    record Columns(int operation, long at, byte[] infos) implements Binary {
        @Override
        public WebSocketFrame frame(ByteBufAllocator allocator, Batch batch, long requestId) {
            return new BinaryWebSocketFrame(BatchFrames.reply(allocator, batch, operation, requestId, at, infos));
        }

        Copied copied(Batch batch) {
            ByteBuf frame = BatchFrames.reply(ByteBufAllocator.DEFAULT, batch, operation, 0, at, infos);
            try {
                byte[] bytes = new byte[frame.readableBytes()];
                frame.readBytes(bytes);
                return new Copied(bytes);
            } finally {
                frame.release();
            }
        }
    }

    /// A whole reply frame, but for the request id.
    record Copied(byte[] bytes) implements Binary {
        @Override
        public WebSocketFrame frame(ByteBufAllocator allocator, Batch batch, long requestId) {
            ByteBuf buffer = allocator.ioBuffer(bytes.length).writeBytes(bytes);
            return new BinaryWebSocketFrame(BatchFrames.withRequestId(buffer, requestId));
        }
    }
}
