package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_STEP;
import static io.hypertoken.ErrorCode.INTERNAL;
import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.RATE_LIMITED;
import static io.hypertoken.ErrorCode.UNKNOWN_COMMAND;

import io.hypertoken.DidYouMean;
import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// One connection's requests and replies, without its socket: one reply for each request, in order.
///
/// Used by one thread at a time, that of its connection, except for [#loseSession()].
final class Conversation {
    /// The protocol's version.
    static final int PROTOCOL = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final int LONGEST_ID = 64;

    private final Room room;
    private final @Nullable Opening invited;
    private final Runnable hangUp;
    private final MessageRate rate;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(512);
    private @Nullable Session session;

    /// @param invited what the first command that needs a session opens; null if the client must open one
    /// @param hangUp ends the connection; called from any thread
    Conversation(Room room, @Nullable Opening invited, Runnable hangUp) {
        this.room = room;
        this.invited = invited;
        this.hangUp = hangUp;
        this.rate = new MessageRate(room.limits().messagesPerSecond(), room.nanoTime());
    }

    /// Takes over a waiting session, for a connection whose address names it.
    void resume(String id) {
        session = room.sessions().resume(id, this);
    }

    /// Answers a text message.
    WebSocketFrame answer(ByteBufAllocator allocator, byte[] message) {
        Object id = null;
        Reply.Json reply;
        try {
            Map<String, @Nullable Object> values = JsonMessage.read(message);
            id = requestId(values);
            reply = answer(command(values), values);
        } catch (HyperTokenException refused) {
            reply = refusal(refused);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
            reply = refusal(defect(thrown));
        }
        return reply.frame(allocator, id);
    }

    /// Answers a binary message.
    WebSocketFrame answer(ByteBufAllocator allocator, ByteBuf message) {
        Long id = BatchFrames.requestId(message);
        Reply.Json reply;
        try {
            room.metrics().batch();
            requireRate();
            Session playing = session();
            synchronized (playing) {
                requireOwned(playing);
                Reply.Binary columns = new BatchPlays(playing, room.metrics()).answer(message);
                return columns.frame(allocator, playing.batch, id == null ? 0 : id);
            }
        } catch (HyperTokenException refused) {
            reply = refusal(refused);
        } catch (RuntimeException | OutOfMemoryError thrown) {
            reply = refusal(defect(thrown));
        }
        return reply.frame(allocator, id);
    }

    /// The longest binary message that the session's layout has a use for.
    long longestBinary() {
        Session playing = session;
        return playing == null ? 0 : BatchFrames.longestRequest(playing.batch.layout());
    }

    /// Leaves the session waiting for its client.
    void end() {
        if (session != null) {
            room.sessions().park(session, this);
        }
    }

    /// Another connection has taken the session over: nobody listens here any more.
    void loseSession() {
        hangUp.run();
    }

    private Command command(Map<String, @Nullable Object> values) {
        if (!(values.get("cmd") instanceof String name)) {
            room.metrics().unknownMessage();
            Object cmd = values.get("cmd");
            throw cmd == null
                    ? new HyperTokenException(
                            MISSING_FIELD,
                            "a message lacks cmd",
                            "it names the command",
                            "send one such as {\"cmd\":\"ping\"}")
                    : new HyperTokenException(
                            BAD_FIELD,
                            "a message has cmd=" + Fields.shown(cmd),
                            "cmd must be a string",
                            "send one such as {\"cmd\":\"ping\"}");
        }
        Command command = Command.of(name);
        if (command == null) {
            room.metrics().unknownMessage();
            throw new HyperTokenException(
                    UNKNOWN_COMMAND,
                    "there is no command " + Fields.shown(name),
                    "this server speaks protocol version " + PROTOCOL,
                    DidYouMean.hint(name, Command.wireNames()));
        }
        room.metrics().message(command);
        return command;
    }

    private Reply.Json answer(Command command, Map<String, @Nullable Object> values) {
        requireRate();
        var fields = new Fields(command.wireName(), values);
        return switch (command) {
            case HELLO -> json(out -> room.writeHello(out, fields));
            case PING -> json(out -> out.writeNumberProperty("pong", System.currentTimeMillis()));
            case OPEN -> open(fields);
            case CLOSE -> close();
            case RESET, STEP, STEP_ALL -> play(command, fields);
            default -> ask(command, fields);
        };
    }

    private Reply.Json open(Fields fields) {
        Session former = session;
        String id = fields.text("session");
        session = id != null
                ? room.sessions().resume(id, this)
                : room.sessions().open(room.opening(fields), this, former != null);
        if (former != null && former != session) {
            room.sessions().close(former);
        }
        return ask(Command.OPEN, fields);
    }

    private Reply.Json close() {
        if (session != null) {
            room.sessions().close(session);
            session = null;
        }
        return json(out -> out.writeBooleanProperty("ok", true));
    }

    private Reply.Json play(Command command, Fields fields) {
        Session playing = session();
        synchronized (playing) {
            requireOwned(playing);
            Reply.Json repeated = playing.repeated(fields.integer("at", 0, Fields.LARGEST_SEED), Reply.Json.class);
            if (repeated != null) {
                return repeated;
            }
            long quarantined = playing.vector.quarantined();
            var plays = new Plays(playing, fields);
            Plays.Body answer =
                    command == Command.RESET ? plays.reset() : command == Command.STEP ? plays.step() : plays.stepAll();
            if (command != Command.RESET) {
                room.metrics().stepped(1);
            }
            room.metrics().quarantined(playing.vector.quarantined() - quarantined);
            Reply.Json reply = moved(playing, answer);
            playing.record(reply);
            return reply;
        }
    }

    /// The reply to a request that has moved the session: it is counted even if its reply cannot be written.
    private Reply.Json moved(Session playing, Plays.Body answer) {
        long at = playing.count();
        try {
            return json(out -> {
                out.writeBooleanProperty("ok", true);
                out.writeNumberProperty("at", at);
                answer.write(out);
            });
        } catch (HyperTokenException refused) {
            return refusal(refused);
        }
    }

    private Reply.Json ask(Command command, Fields fields) {
        Session asked = session();
        synchronized (asked) {
            requireOwned(asked);
            return json(out -> ask(command, new Questions(out, asked, fields)));
        }
    }

    private void ask(Command command, Questions questions) {
        switch (command) {
            case OPEN -> questions.writeOpened();
            case ENV_INFO -> questions.writeEnvInfo(room.server());
            case POSSIBLE_AGENTS -> questions.writePossibleAgents();
            case OBSERVATION_SPACE -> questions.writeObservationSpace();
            case ACTION_SPACE -> questions.writeActionSpace();
            case OBSERVE -> questions.writeObservation();
            case LAST -> questions.writeLast();
            case AGENTS -> questions.writeAgents();
            case AGENT_SELECTION -> questions.writeAgentSelection();
            case ACTION_MASK -> questions.writeActionMask();
            case REWARDS -> questions.writeRewards();
            case TERMINATIONS -> questions.writeTerminations();
            case TRUNCATIONS -> questions.writeTruncations();
            case INFOS -> questions.writeInfos();
            case RENDER -> questions.writeRender();
            case STATE -> questions.writeState();
            case RESTORE -> questions.restore();
            case DIGEST -> questions.writeDigest();
            case HELLO, PING, CLOSE, RESET, STEP, STEP_ALL ->
                throw new IllegalStateException(command + " is no question");
        }
    }

    private Reply.Json json(Plays.Body writer) {
        body.reset();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            out.writeStartObject();
            writer.write(out);
            out.writeEndObject();
        }
        return new Reply.Json(body.toByteArray());
    }

    private Reply.Json refusal(HyperTokenException refused) {
        room.metrics().error(refused.code());
        return json(out -> {
            out.writeStringProperty("error", String.valueOf(refused.getMessage()));
            out.writeStringProperty("code", refused.code().wireName());
            if (refused.code() == BAD_STEP && session != null) {
                out.writeNumberProperty("expected", session.at() + 1);
            }
        });
    }

    private static HyperTokenException defect(Throwable thrown) {
        LOG.error("a request met a defect", thrown);
        return new HyperTokenException(
                INTERNAL,
                "the server met a defect (" + thrown + ")",
                "this is not your request's fault",
                "report it with the server's log");
    }

    /// This connection's session; the one it was invited to is opened now if need be.
    private Session session() {
        Session current = session;
        if (current == null) {
            if (invited == null) {
                throw new HyperTokenException(
                        MISSING_FIELD,
                        "this connection has no environment",
                        "neither its address nor the server names one",
                        "send open with env, or connect to ws://…/?env=NAME");
            }
            current = room.sessions().open(invited, this, false);
            session = current;
        }
        return current;
    }

    private void requireOwned(Session playing) {
        if (playing.isClosed() || playing.owner != this) {
            session = null;
            throw new HyperTokenException(
                    ErrorCode.SESSION_LOST,
                    "this connection has lost its session",
                    "another connection resumed it, or the server is stopping",
                    "resume it with open, or open a new one");
        }
    }

    private void requireRate() {
        if (!rate.admits(room.nanoClock())) {
            room.metrics().refused("rate");
            throw new HyperTokenException(
                    RATE_LIMITED,
                    "refused a message",
                    "this server takes " + room.limits().messagesPerSecond() + " a second from a connection",
                    "send fewer, or step batches");
        }
    }

    private static @Nullable Object requestId(Map<String, @Nullable Object> values) {
        return switch (values.get("id")) {
            case null -> null;
            case Long number -> number;
            case String text when text.length() <= LONGEST_ID -> text;
            case Object other ->
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused id=" + Fields.shown(other),
                        "an id is an integer, or a string of at most " + LONGEST_ID + " characters",
                        "send a shorter one, or none");
        };
    }
}
