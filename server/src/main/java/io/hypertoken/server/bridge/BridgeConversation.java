package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.RATE_LIMITED;
import static io.hypertoken.ErrorCode.UNKNOWN_COMMAND;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.RequestId;
import io.hypertoken.server.MessageRate;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.session.Claim;
import io.hypertoken.server.session.Owner;
import io.hypertoken.server.session.Session;
import io.hypertoken.server.session.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One client's requests: reads them, finds the session that they are about, and hands them over to it.
///
/// Its fields belong to the connection's loop; what a session does with a [Request] may happen on any thread.
final class BridgeConversation implements Conversation, Owner {
    private static final int LONGEST_NAME = 64;
    private static final Task CLOSING = new Task() {
        @Override
        public void run(Session session) {
            session.close();
        }

        @Override
        public void refuse(HyperTokenException why) {
            // Somebody else has it, or it has ended: there is nothing to close.
        }
    };

    private final BridgeContext context;
    private final Connection connection;
    private final String address;
    private final @Nullable Invitation invited;
    private final @Nullable String resumed;
    private final MessageRate rate;
    private @Nullable HyperTokenException notResumed;
    private @Nullable Session session;
    private boolean ended;

    /// The longest binary message that the session's layout has a use for.
    private long longestBinary;

    /// @param address the client's host
    /// @param invited what the first command that needs a session opens; null if the client must open one
    /// @param resumed the session that the connection's address names
    BridgeConversation(
            BridgeContext context,
            Connection connection,
            String address,
            @Nullable Invitation invited,
            @Nullable String resumed) {
        this.context = context;
        this.connection = connection;
        this.address = address;
        this.invited = invited;
        this.resumed = resumed;
        this.rate = new MessageRate(
                context.limits().messagesPerSecond(), context.nanoClock().getAsLong());
    }

    @Override
    public void begin() {
        if (resumed == null) {
            connection.next();
            return;
        }
        context.sessions().resume(resumed, this, new Claim() {
            @Override
            public void granted(Session taken) {
                connection.execute(() -> {
                    belong(taken);
                    connection.next();
                });
            }

            @Override
            public void refused(HyperTokenException why) {
                connection.execute(() -> {
                    notResumed = why;
                    connection.next();
                });
            }
        });
    }

    @Override
    public void text(ByteBuf message) {
        byte[] bytes = ByteBufUtil.getBytes(message);
        message.release();
        if (context.settings().verbose()) {
            MessageLog.arrived(connection.peer(), bytes);
        }
        var request = new JsonRequest(context, connection);
        try {
            Map<String, @Nullable Object> values = JsonMessage.read(bytes);
            request.id(RequestId.of(values));
            Command command = command(values);
            requireRate();
            answer(command, request.of(command, values));
        } catch (HyperTokenException refused) {
            request.refuse(refused);
        } catch (Throwable thrown) { // each message has its one reply, whatever happens
            request.fail(thrown);
        }
    }

    @Override
    public void binary(ByteBuf message) {
        if (context.settings().verbose()) {
            MessageLog.batchArrived(connection.peer(), message.readableBytes());
        }
        context.metrics().batch();
        var request = new BatchRequest(context, connection, message);
        try {
            requireRate();
            ask(request);
        } catch (HyperTokenException refused) {
            request.refuse(refused);
        } catch (Throwable thrown) {
            request.fail(thrown);
        }
    }

    @Override
    public long longestBinary() {
        return longestBinary;
    }

    @Override
    public void end() {
        ended = true;
        if (session != null) {
            session.park(this);
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void lose() {
        connection.close();
    }

    private void answer(Command command, JsonRequest request) {
        switch (command) {
            case HELLO -> request.answer(out -> context.writeHello(out, request.fields()));
            case PING -> request.answer(out -> out.writeNumberProperty("pong", System.currentTimeMillis()));
            case OPEN -> open(request);
            case CLOSE -> close(request);
            default -> ask(request);
        }
    }

    /// Hands a request to this connection's session; the one it was invited to is opened now if need be.
    private void ask(Request request) {
        if (session != null) {
            submit(session, request);
            return;
        }
        if (notResumed != null) {
            throw notResumed;
        }
        if (invited == null) {
            throw new HyperTokenException(
                    MISSING_FIELD,
                    "this connection has no environment",
                    "neither its address nor the server names one",
                    "send open with env, or connect to ws://…/?env=NAME");
        }
        invited.open(this, new Granted(request));
    }

    private void open(JsonRequest request) {
        String id = request.fields().text("session");
        var granted = new Granted(request);
        if (id != null) {
            context.sessions().resume(id, this, granted);
        } else if (OpeningRequests.isGuest(request.fields().raw("env"))) {
            context.sessions().open(() -> context.openings().of(request.fields()), this, session != null, granted);
        } else {
            context.sessions().open(context.openings().of(request.fields()), this, session != null, granted);
        }
    }

    private void close(JsonRequest request) {
        Session former = session;
        if (former == null) {
            request.answer(out -> out.writeBooleanProperty("ok", true));
        } else {
            leave();
            former.submit(this, request);
        }
    }

    private void submit(Session asked, Request request) {
        request.whenLost(() -> connection.execute(() -> {
            if (session == asked) {
                leave();
            }
        }));
        asked.submit(this, request);
    }

    /// A session has been opened or resumed for a request.
    private final class Granted implements Claim {
        private final Request request;

        Granted(Request request) {
            this.request = request;
        }

        @Override
        public void granted(Session mine) {
            connection.execute(() -> {
                Session former = session;
                belong(mine);
                if (former != null && former != mine) {
                    former.submit(BridgeConversation.this, CLOSING);
                }
                submit(mine, request);
            });
        }

        @Override
        public void refused(HyperTokenException why) {
            request.refuse(why);
        }
    }

    private void belong(Session mine) {
        session = mine;
        longestBinary = BatchFrames.longestRequest(
                mine.batch().layout(), context.limits().maxMessageBytes());
        notResumed = null;
        if (ended) {
            mine.park(this);
        }
    }

    private void leave() {
        session = null;
        longestBinary = 0;
    }

    private Command command(Map<String, @Nullable Object> values) {
        if (!(values.get("cmd") instanceof String name)) {
            context.metrics().unknownMessage();
            Object cmd = values.get("cmd");
            throw cmd == null
                    ? new HyperTokenException(
                            MISSING_FIELD,
                            "a message lacks cmd",
                            "it names the command",
                            "send one such as {\"cmd\":\"ping\"}")
                    : new HyperTokenException(
                            BAD_FIELD,
                            "a message has cmd=" + Shown.value(cmd),
                            "cmd must be a string",
                            "send one such as {\"cmd\":\"ping\"}");
        }
        Command command = Command.of(name);
        if (command == null) {
            context.metrics().unknownMessage();
            throw new HyperTokenException(
                    UNKNOWN_COMMAND,
                    "there is no command " + Shown.value(name),
                    "this server speaks protocol version " + BridgeProtocol.VERSION,
                    DidYouMean.hint(Shown.shortened(name, LONGEST_NAME), Command.wireNames()));
        }
        context.metrics().message(command);
        return command;
    }

    private void requireRate() {
        if (!rate.admits(context.nanoClock())) {
            context.refused().accept("rate");
            throw new HyperTokenException(
                    RATE_LIMITED,
                    "refused a message",
                    "this server takes " + context.limits().messagesPerSecond() + " a second from a connection",
                    "send fewer, or step batches");
        }
    }
}
