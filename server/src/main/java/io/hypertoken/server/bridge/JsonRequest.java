package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.Fields;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.session.Session;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A text message.
final class JsonRequest extends Request {
    private @Nullable Object id;
    private Command command = Command.PING;
    private Fields fields = new Fields("", Map.of());

    JsonRequest(BridgeContext context, Connection connection) {
        super(context, connection);
    }

    void id(@Nullable Object echoed) {
        id = echoed;
    }

    JsonRequest of(Command asked, Map<String, @Nullable Object> values) {
        command = asked;
        fields = new Fields(asked.wireName(), values);
        return this;
    }

    Fields fields() {
        return fields;
    }

    @Override
    @Nullable
    Object id() {
        return id;
    }

    /// Replies to what needs no session.
    void answer(Body body) {
        send(json(body));
    }

    @Override
    void answer(Session session) {
        switch (command) {
            case RESET, STEP, STEP_ALL -> send(moved(session));
            case CLOSE -> {
                session.close();
                send(json(out -> out.writeBooleanProperty("ok", true)));
            }
            default -> send(json(out -> write(new Questions(out, session, fields))));
        }
    }

    private JsonReply moved(Session session) {
        JsonReply repeated =
                session.numbering().repeated(fields.integer("at", 0, Fields.LARGEST_SEED), JsonReply.class);
        if (repeated != null) {
            return repeated;
        }
        long quarantined = session.vector().quarantined();
        var moves = new MoveCommands(session, fields);
        Body body = switch (command) {
            case RESET -> moves.reset();
            case STEP -> moves.step();
            default -> moves.stepAll();
        };
        // The row has moved: it counts before anything else can fail.
        long at = session.numbering().count();
        if (command != Command.RESET) {
            context().metrics().stepped(1);
        }
        context().metrics().quarantined(session.vector().quarantined() - quarantined);
        JsonReply reply = told(session, at, body);
        session.numbering().record(reply);
        return reply;
    }

    /// What moved; where it cannot be told, a refusal that has its number too.
    private JsonReply told(Session session, long at, Body body) {
        try {
            return json(out -> {
                out.writeBooleanProperty("ok", true);
                out.writeNumberProperty("at", at);
                body.write(out);
            });
        } catch (HyperTokenException untold) {
            return refusal(untold, session);
        } catch (Throwable thrown) {
            return defect(thrown);
        }
    }

    private void write(Questions questions) {
        switch (command) {
            case OPEN -> questions.writeOpened();
            case ENV_INFO -> questions.writeEnvInfo(context().server());
            case POSSIBLE_AGENTS -> questions.writePossibleAgents();
            case OBSERVATION_SPACE -> questions.writeObservationSpace();
            case ACTION_SPACE -> questions.writeActionSpace();
            case OBSERVE -> questions.writeObservation();
            case LAST -> questions.writeLast();
            case AGENTS -> questions.writeAgents();
            case AGENT_SELECTION -> questions.writeAgentSelection();
            case ACTION_MASK -> questions.writeActionMask();
            case CHOOSE -> questions.writeChoice();
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
}
