package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.session.Session;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A binary message, released when it is answered.
final class BatchRequest extends Request {
    private final ByteBuf frame;
    private final @Nullable Long id;

    BatchRequest(BridgeContext context, Connection connection, ByteBuf frame) {
        super(context, connection);
        this.frame = frame;
        this.id = BatchFrames.requestId(frame);
    }

    @Override
    @Nullable
    Object id() {
        return id;
    }

    @Override
    void end() {
        frame.release();
    }

    @Override
    void answer(Session session) {
        BatchReply reply = new BatchCommands(session, context().metrics()).answer(frame);
        ByteBuf message = message(session, reply);
        if (context().settings().verbose()) {
            MessageLog.batchSent(connection().peer(), message.readableBytes());
        }
        send(message, false);
    }

    /// The rows have moved and the reply is kept, so that it can be asked for again when there is memory for it.
    private ByteBuf message(Session session, BatchReply reply) {
        try {
            return reply.message(connection(), session.batch(), id == null ? 0 : id);
        } catch (OutOfMemoryError thrown) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "the reply to request at=" + session.numbering().at() + " could not be sent",
                    "no memory was left for its " + reply.length(session.batch()) + " bytes; the rows have moved",
                    "send the request again with that number",
                    thrown);
        }
    }
}
