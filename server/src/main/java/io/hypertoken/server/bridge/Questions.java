package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.NOT_YOUR_TURN;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.AecView;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.json.Fields;
import io.hypertoken.json.NumberJson;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.server.session.Session;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/// The JSON commands that ask about a session, or put it back to a saved state.
final class Questions {
    /// What `render` draws.
    private enum Mode {
        TEXT,
        FRAME
    }

    private final JsonGenerator out;
    private final Session session;
    private final Fields fields;

    Questions(JsonGenerator out, Session session, Fields fields) {
        this.out = out;
        this.session = session;
        this.fields = fields;
    }

    void writeEnvInfo(String server) {
        EnvironmentJson.writeProperties(out, session);
        out.writeNumberProperty("protocol", BridgeProtocol.VERSION);
        out.writeStringProperty("server", server);
        out.writeStringProperty("session", session.id());
        out.writeNumberProperty("num_envs", session.opening().rows());
        out.writeName("seed");
        long used = session.vector().usedSeed(0);
        Long seed = used == VectorEnvironment.NO_SEED ? session.opening().seed() : (Long) used;
        if (seed == null) {
            out.writeNull();
        } else {
            out.writeNumber(seed.longValue());
        }
    }

    void writePossibleAgents() {
        EnvironmentJson.writeWords(out, "possible_agents", session.agents());
    }

    void writeObservationSpace() {
        EnvironmentJson.writeSpace(
                out, session.batch().signature().observationSpaces().get(fields.agent(session.agents())));
    }

    void writeActionSpace() {
        EnvironmentJson.writeSpace(
                out, session.batch().signature().actionSpaces().get(fields.agent(session.agents())));
    }

    void writeObservation() {
        int agent = fields.agent(session.agents());
        StepJson step = step();
        turns().requireBegun();
        session.numbering().keep();
        out.writeName("observation");
        step.writeObservation(agent);
    }

    void writeLast() {
        int agent = turns().requireSelection();
        step().writeAct(agent);
        deadSteps().told(agent, turns());
    }

    /// Makes the dead step of an agent whose end was told, if its client has not: a client of the first protocol never
    /// does.
    void writeAgents() {
        deadSteps().makeFor(turns());
        step().writeAgents(turns()::isPresent);
    }

    void writeAgentSelection() {
        out.writeName("agent");
        step().writeName(turns().selection());
    }

    void writeActionMask() {
        int agent = fields.agent(session.agents());
        StepJson step = step();
        out.writeName("mask");
        step.writeMask(agent);
    }

    /// What a policy would play for the agent whose turn it is; nothing moves.
    void writeChoice() {
        String name = fields.requiredText("policy", "a name that env_info lists in policies");
        AecView turns = turns();
        int agent = turns.requireSelection();
        if (turns.isDead(agent)) {
            throw new HyperTokenException(
                    NOT_YOUR_TURN,
                    fields.command() + " refused policy " + Shown.shortened(name, 60) + " for "
                            + session.agents().get(agent),
                    "it has ended, and only makes its dead step",
                    "step with \"action\":null");
        }
        SessionView.of(session).seats().choose(0, agent, SessionView.of(session).policy(name));
        out.writeName("action");
        SessionView.of(session).action(agent).write(out, agent);
    }

    /// The last step of each agent, also of those that are gone since; empty before the first reset.
    void writeRewards() {
        step().writeRewards(this::known);
    }

    void writeTerminations() {
        step().writeTerminations(this::known);
    }

    void writeTruncations() {
        step().writeTruncations(this::known);
    }

    void writeInfos() {
        step().writeInfos(this::known);
    }

    void writeRender() {
        Mode mode = fields.choice("mode", Mode.class);
        int agent = fields.has("agent") ? fields.agent(session.agents()) : Renders.SPECTATOR;
        turns().requireBegun();
        out.writeBooleanProperty("ok", true);
        String text = mode == Mode.FRAME ? null : session.vector().text(0, agent);
        if (text != null) {
            out.writeStringProperty("text", text);
        }
        Frame frame = mode == Mode.FRAME && agent == Renders.SPECTATOR
                ? session.vector().frame(0)
                : null;
        if (frame != null) {
            out.writeObjectPropertyStart("frame");
            out.writeName("shape");
            out.writeArray(new int[] {frame.height(), frame.width(), 3}, 0, 3);
            out.writeName("data");
            out.writeBinary(frame.rgb());
            out.writeEndObject();
        }
    }

    void writeState() {
        out.writeStringProperty("snapshot", Base64.getEncoder().encodeToString(turns().snapshot()));
    }

    void restore() {
        String text = fields.requiredText("snapshot", "the snapshot that state replied");
        byte[] snapshot;
        try {
            snapshot = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "restore refused snapshot=" + Shown.value(text),
                    "it is not base64 (" + e.getMessage() + ")",
                    "send a snapshot as state replied it",
                    e);
        }
        AecView turns = turns();
        session.numbering().keep();
        turns.restore(snapshot);
        deadSteps().forget();
        out.writeBooleanProperty("ok", true);
    }

    void writeDigest() {
        TrajectoryDigest digest = session.digest();
        long steps = 0;
        for (int row = 0; row < session.opening().rows(); row++) {
            steps += digest.steps(row);
        }
        out.writeStringProperty("digest", digest.ofBatch());
        out.writeNumberProperty("steps", steps);
    }

    void writeOpened() {
        out.writeStringProperty("session", session.id());
        out.writeNumberProperty("at", session.numbering().at());
        out.writeNumberProperty("num_envs", session.opening().rows());
        out.writeStringProperty("autoreset", session.opening().autoreset().wireName());
        out.writeStringProperty("illegal", session.opening().illegal().name().toLowerCase(Locale.ROOT));
        out.writeNumberProperty("lease_s", session.opening().leaseSeconds());
        out.writeName("deadline_s");
        NumberJson.writeAny(
                out,
                session.vector()
                        .deadline()
                        .map(longest -> longest.toMillis() / 1000.0)
                        .orElse(null));
        out.writeObjectPropertyStart("spec");
        EnvironmentJson.writeProperties(out, session);
        out.writeEndObject();
        EnvironmentJson.writeLayout(out, session.batch().layout());
    }

    private boolean known(int agent) {
        return turns().begun();
    }

    private AecView turns() {
        return session.turns(fields.command());
    }

    private DeadSteps deadSteps() {
        return SessionView.of(session).deadSteps();
    }

    private StepJson step() {
        return new StepJson(out, session, turns());
    }
}
