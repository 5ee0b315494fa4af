package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_STEP;
import static io.hypertoken.ErrorCode.INTERNAL;
import static io.hypertoken.ErrorCode.SESSION_LOST;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.JsonText;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.session.Session;
import io.hypertoken.server.session.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// One message of a client, which is answered exactly once, from whatever thread.
abstract class Request implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(Request.class);
    private static final int USUAL_BYTES = 512;
    /// Longer than any sentence of ours; what an environment says may be of any length.
    private static final int LONGEST_ERROR = 2000;

    private final BridgeContext context;
    private final Connection connection;
    private final long began = System.nanoTime();
    private @Nullable Runnable whenLost;

    Request(BridgeContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Writes the properties of a reply.
    interface Body {
        void write(JsonGenerator out);
    }

    /// What to do if the session that is asked is not the client's any more.
    final void whenLost(Runnable action) {
        whenLost = action;
    }

    @Override
    public final void run(Session session) {
        try {
            answer(session);
        } catch (HyperTokenException refused) {
            send(refusal(refused, session));
        } catch (Throwable thrown) { // each message has its one reply, whatever happens
            fail(thrown);
        }
    }

    @Override
    public final void refuse(HyperTokenException why) {
        if (why.code() == SESSION_LOST && whenLost != null) {
            whenLost.run();
        }
        send(refusal(why, null));
    }

    /// Answers a message whose handling has thrown what nobody expected.
    final void fail(Throwable thrown) {
        send(defect(thrown));
    }

    final JsonReply defect(Throwable thrown) {
        LOG.error("a request met a defect: {}", Shown.trace(thrown));
        return refusal(
                new HyperTokenException(
                        INTERNAL,
                        "the server met a defect (" + Shown.failure(thrown) + ")",
                        "this is not your request's fault",
                        "report it with the server's log"),
                null);
    }

    /// Does what it asks, and replies.
    abstract void answer(Session session);

    /// What a refusal echoes.
    abstract @Nullable Object id();

    /// Called once, when the request is over.
    void end() {}

    final BridgeContext context() {
        return context;
    }

    final Connection connection() {
        return connection;
    }

    final void send(JsonReply reply) {
        ByteBuf message = reply.message(connection, id());
        if (context.settings().verbose()) {
            MessageLog.sent(connection.peer(), ByteBufUtil.getBytes(message));
        }
        send(message, true);
    }

    final void send(ByteBuf message, boolean text) {
        end();
        connection.reply(message, text);
        context.metrics().answered(System.nanoTime() - began);
    }

    static JsonReply json(Body body) {
        var bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        }
        return new JsonReply(bytes.toByteArray());
    }

    final JsonReply refusal(HyperTokenException refused, @Nullable Session session) {
        context.metrics().error(refused.code());
        return json(out -> {
            String why = Shown.shortened(String.valueOf(refused.getMessage()), LONGEST_ERROR);
            out.writeStringProperty("error", JsonText.wellFormed(why));
            out.writeStringProperty("code", refused.code().wireName());
            if (refused.code() == BAD_STEP && session != null) {
                out.writeNumberProperty("expected", session.numbering().at() + 1);
            }
        });
    }
}
