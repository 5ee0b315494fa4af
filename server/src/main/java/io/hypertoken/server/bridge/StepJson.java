package io.hypertoken.server.bridge;

import io.hypertoken.engine.AecView;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.session.Session;
import java.util.function.IntPredicate;
import tools.jackson.core.JsonGenerator;

/// Writes what a session's row shows and tells, agent by agent.
final class StepJson {
    private static final String MASK = "action_mask";

    private final JsonGenerator out;
    private final Session session;
    private final AecView turns;
    private final InfoJson infos;

    StepJson(JsonGenerator out, Session session, AecView turns) {
        this.out = out;
        this.session = session;
        this.turns = turns;
        this.infos = new InfoJson(out);
    }

    /// Everything about the agent that acts next, and what the step did to all.
    void writeTurn() {
        int agent = turns.selection();
        writeAgents(turns::isPresent);
        out.writeName("agent_selection");
        writeName(agent);
        writeAct(agent);
        writeStep();
        boolean anyEnded = false;
        for (int each = 0; each < session.agents().size(); each++) {
            if (endedNow(each)) {
                if (!anyEnded) {
                    out.writeObjectPropertyStart("final");
                    anyEnded = true;
                }
                out.writeObjectPropertyStart(session.agents().get(each));
                writeAct(each);
                out.writeEndObject();
            }
        }
        if (anyEnded) {
            out.writeEndObject();
        }
    }

    /// What all agents see that were alive before the step, as the Parallel API wants it.
    ///
    /// @param begins whether this is the reply to a reset, which has no rewards and ends nobody
    void writeParallel(boolean begins) {
        out.writeObjectPropertyStart("observations");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (turns.tookPart(agent)) {
                out.writeName(session.agents().get(agent));
                writeObservation(agent);
            }
        }
        out.writeEndObject();
        if (!begins) {
            writeStep();
        }
        writeInfos(turns::tookPart);
        writeAgents(turns::isPresent);
        out.writeName("agent_selection");
        writeName(session.opening().spec().turnOrder() == TurnOrder.SEQUENTIAL ? turns.selection() : AecView.NOBODY);
    }

    /// `observation`, `reward`, `terminated`, `truncated` and `info` of one agent; nulls for nobody.
    void writeAct(int agent) {
        out.writeName("observation");
        if (agent == AecView.NOBODY) {
            out.writeNull();
            out.writeNullProperty("reward");
            out.writeNullProperty("terminated");
            out.writeNullProperty("truncated");
            out.writeObjectPropertyStart("info");
            if (!turns.begun()) {
                infos.writeProperties(session.vector().info(0, 0)); // why the row could not be reset
            }
            out.writeEndObject();
            return;
        }
        writeObservation(agent);
        out.writeName("reward");
        writeReward(turns.cumulativeReward(agent));
        out.writeBooleanProperty("terminated", turns.terminated(agent));
        out.writeBooleanProperty("truncated", turns.truncated(agent));
        out.writeName("info");
        writeInfo(agent);
    }

    /// The last step's rewards and ends, of the agents that were alive before it.
    private void writeStep() {
        writeRewards(turns::tookPart);
        writeTerminations(turns::tookPart);
        writeTruncations(turns::tookPart);
    }

    void writeRewards(IntPredicate who) {
        out.writeObjectPropertyStart("rewards");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (who.test(agent)) {
                out.writeName(session.agents().get(agent));
                writeReward(turns.reward(agent));
            }
        }
        out.writeEndObject();
    }

    void writeTerminations(IntPredicate who) {
        out.writeObjectPropertyStart("terminations");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (who.test(agent)) {
                out.writeBooleanProperty(session.agents().get(agent), turns.terminated(agent));
            }
        }
        out.writeEndObject();
    }

    void writeTruncations(IntPredicate who) {
        out.writeObjectPropertyStart("truncations");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (who.test(agent)) {
                out.writeBooleanProperty(session.agents().get(agent), turns.truncated(agent));
            }
        }
        out.writeEndObject();
    }

    void writeInfos(IntPredicate who) {
        out.writeObjectPropertyStart("infos");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (who.test(agent)) {
                out.writeName(session.agents().get(agent));
                writeInfo(agent);
            }
        }
        out.writeEndObject();
    }

    void writeAgents(IntPredicate who) {
        out.writeArrayPropertyStart("agents");
        for (int agent = 0; agent < session.agents().size(); agent++) {
            if (who.test(agent)) {
                out.writeString(session.agents().get(agent));
            }
        }
        out.writeEndArray();
    }

    /// An agent's name; null for nobody.
    void writeName(int agent) {
        if (agent == AecView.NOBODY) {
            out.writeNull();
        } else {
            out.writeString(session.agents().get(agent));
        }
    }

    void writeObservation(int agent) {
        turns.observe(agent);
        SessionView.of(session).observation(agent).write(out, agent);
    }

    /// The mask as true and false; null where the environment has none.
    void writeMask(int agent) {
        int flags = session.maskSize(agent);
        if (flags == 0) {
            out.writeNull();
            return;
        }
        out.writeStartArray();
        for (int k = 0; k < flags; k++) {
            out.writeBoolean(turns.begun() && session.batch().allowed(0, agent, k));
        }
        out.writeEndArray();
    }

    private boolean endedNow(int agent) {
        return turns.tookPart(agent) && (turns.terminated(agent) || turns.truncated(agent));
    }

    private void writeInfo(int agent) {
        out.writeStartObject();
        infos.writeProperties(turns.info(agent));
        int flags = session.maskSize(agent);
        if (flags > 0) {
            out.writeArrayPropertyStart(MASK);
            for (int k = 0; k < flags; k++) {
                out.writeNumber(session.batch().allowed(0, agent, k) ? 1 : 0);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void writeReward(double reward) {
        if (session.opening().spec().rewardKind() == RewardKind.FLOAT && Double.isFinite(reward)) {
            out.writeNumber(reward);
        } else {
            NumberJson.write(out, reward);
        }
    }
}
