package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_ACTION;
import static io.hypertoken.ErrorCode.NOT_YOUR_TURN;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.AecView;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.json.Fields;
import io.hypertoken.server.session.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON commands that move a session's row, and their replies.
final class MoveCommands {
    /// How much a reply tells.
    private enum Form {
        TURN,
        PARALLEL
    }

    private final Session session;
    private final Fields fields;
    private final AecView turns;
    private final DeadSteps deadSteps;

    MoveCommands(Session session, Fields fields) {
        this.session = session;
        this.deadSteps = SessionView.of(session).deadSteps();
        this.fields = fields;
        this.turns = session.turns(fields.command());
    }

    /// Begins an episode.
    ///
    /// @return writes the part of the reply behind `ok` and `at`
    Request.Body reset() {
        Form form = fields.choice("reply", Form.class);
        Long given = fields.seed();
        Map<String, @Nullable Object> options = fields.object("options");
        boolean first = session.vector().usedSeed(0) == VectorEnvironment.NO_SEED;
        Long seed = given == null && first ? session.opening().seed() : given;
        try {
            turns.reset(seed == null ? VectorEnvironment.NO_SEED : seed, options);
        } finally {
            if (turns.begun() && !session.vector().wasReset(0)) {
                turns.synchronize(); // the row could not be reset, and is in no episode any more
            }
        }
        deadSteps.forget();
        return out -> {
            if (form == Form.PARALLEL) {
                new StepJson(out, session, turns).writeParallel(true);
            } else if (form == Form.TURN) {
                new StepJson(out, session, turns).writeTurn();
            }
            if (session.vector().episodeSeed(0) != VectorEnvironment.NO_SEED) {
                out.writeNumberProperty("seed", session.vector().episodeSeed(0));
            }
        };
    }

    /// MoveCommands the action of the agent whose turn it is, or makes its dead step.
    Request.Body step() {
        Form form = fields.choice("reply", Form.class);
        if (form == Form.PARALLEL) {
            throw fields.refusal("reply", "\"turn\", or absent (step_all has the parallel form)");
        }
        Object action = fields.raw("action");
        if (form == null && action == null && fields.values().containsKey("action") && deadSteps.isForgiven()) {
            requireForgiven();
            return out -> {};
        }
        int agent = turns.requireSelection();
        requireTurn(agent);
        if (turns.isDead(agent)) {
            if (action != null) {
                throw refusal(agent, action, "it has ended, and only makes its dead step", "send \"action\":null");
            }
            turns.deadStep();
            deadSteps.forget();
        } else {
            keepingActions(() -> {
                put(agent, action);
                turns.step();
            });
            deadSteps.forget();
        }
        if (form == null) {
            return out -> {};
        }
        turns.removeDead();
        return out -> new StepJson(out, session, turns).writeTurn();
    }

    /// MoveCommands the actions of all agents at once; in a sequential game that of the acting agent.
    Request.Body stepAll() {
        if (!fields.has("actions")) {
            throw fields.missing("actions", "\"actions\":{agent:action}");
        }
        Map<String, @Nullable Object> actions = fields.object("actions");
        turns.requireRunning();
        actions.keySet().forEach(this::requireAlive);
        keepingActions(() -> {
            boolean sequential = session.opening().spec().turnOrder() == TurnOrder.SEQUENTIAL;
            for (int agent = 0; agent < session.agents().size(); agent++) {
                if (sequential
                        ? agent == session.batch().turn(0)
                        : session.batch().alive(0, agent)) {
                    put(agent, actions);
                }
            }
            turns.stepAll();
        });
        deadSteps.forget();
        return out -> new StepJson(out, session, turns).writeParallel(false);
    }

    private void requireTurn(int agent) {
        if (!fields.has("agent")) {
            return;
        }
        int named = fields.agent(session.agents());
        if (named != agent) {
            throw notYourTurn(
                    session.agents().get(named),
                    "it is the turn of " + session.agents().get(agent));
        }
    }

    /// The agent whose dead step was made for it sends it all the same.
    private void requireForgiven() {
        int agent = deadSteps.forgiven();
        if (fields.has("agent") && fields.agent(session.agents()) != agent) {
            throw notYourTurn(
                    String.valueOf(fields.raw("agent")),
                    "the dead step of " + session.agents().get(agent) + " was made");
        }
        deadSteps.forget();
    }

    private void requireAlive(String name) {
        if (!session.batch().alive(0, Fields.agentIndex(name, session.agents()))) {
            throw notYourTurn(name, "it has ended");
        }
    }

    private static HyperTokenException notYourTurn(String name, String why) {
        return new HyperTokenException(
                NOT_YOUR_TURN, "refused an action of " + name, why, "ask agent_selection who acts");
    }

    /// Puts the actions in the batch back as they were when a request is refused half-way: in a simultaneous game those
    /// of earlier turns wait there.
    private void keepingActions(Runnable play) {
        byte[] before = session.batch().step().toArray(ValueLayout.JAVA_BYTE);
        try {
            play.run();
        } catch (HyperTokenException refused) {
            MemorySegment.copy(before, 0, session.batch().step(), ValueLayout.JAVA_BYTE, 0, before.length);
            throw refused;
        }
    }

    private void put(int agent, Map<String, @Nullable Object> actions) {
        String name = session.agents().get(agent);
        if (actions.get(name) == null) {
            throw fields.missing("an action of " + name, "\"" + name + "\" to actions");
        }
        ActionJson.put(session.opening().spec(), session.batch(), agent, actions.get(name));
    }

    private void put(int agent, @Nullable Object action) {
        if (action != null) {
            ActionJson.put(session.opening().spec(), session.batch(), agent, action);
            return;
        }
        if (fields.values().containsKey("action")) {
            throw refusal(agent, null, "null is for an agent that has ended", "send an action of its space");
        }
        throw fields.missing("action", "\"action\": what " + session.agents().get(agent) + " does");
    }

    private HyperTokenException refusal(int agent, @Nullable Object action, String why, String whatToDo) {
        return new HyperTokenException(
                BAD_ACTION,
                session.opening().spec().id() + " refused action " + Shown.value(action) + " of "
                        + session.agents().get(agent),
                why,
                whatToDo);
    }
}
