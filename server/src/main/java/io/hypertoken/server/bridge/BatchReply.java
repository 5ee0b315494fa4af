package io.hypertoken.server.bridge;

import io.hypertoken.engine.Batch;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.session.Recorded;
import io.hypertoken.server.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// The answer to a binary request, but for the request's id.
@SuppressWarnings("ArrayRecordComponent") // replies are sent, never compared
sealed interface BatchReply extends Recorded {
    /// The message, read from the session's columns while nobody moves them.
    ByteBuf message(Connection connection, Batch batch, long requestId);

    /// How long it is.
    int length(Batch batch);

    /// A batch's reply columns, which stand in the batch until it moves.
    ///
    /// @param operation 1 reset, 2 step
    /// @param at the request's number
    /// @param infos JSON; empty for none
    record Columns(int operation, long at, byte[] infos) implements BatchReply {
        @Override
        public ByteBuf message(Connection connection, Batch batch, long requestId) {
            return BatchFrames.reply(connection.buffer(length(batch)), batch, operation, requestId, at, infos);
        }

        @Override
        public int length(Batch batch) {
            return BatchFrames.replyBytes(batch, infos);
        }

        @Override
        public Copied kept(Session session) {
            byte[] bytes = new byte[length(session.batch())];
            BatchFrames.reply(Unpooled.wrappedBuffer(bytes).writerIndex(0), session.batch(), operation, 0, at, infos);
            return new Copied(bytes);
        }
    }

    /// A whole reply frame.
    record Copied(byte[] bytes) implements BatchReply {
        @Override
        public ByteBuf message(Connection connection, Batch batch, long requestId) {
            ByteBuf buffer = connection.buffer(bytes.length).writeBytes(bytes);
            return BatchFrames.withRequestId(buffer, requestId);
        }

        @Override
        public int length(Batch batch) {
            return bytes.length;
        }
    }
}
