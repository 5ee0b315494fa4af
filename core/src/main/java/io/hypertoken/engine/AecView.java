package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.EPISODE_OVER;
import static io.hypertoken.ErrorCode.NOT_RESET;

import io.hypertoken.HyperTokenException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One row as PettingZoo's agent-environment cycle: agents act one after another, each with its reward since it last
/// acted, and an agent that has ended makes one dead step before it is gone.
///
/// Write the action of [#selection()] into the batch, then call [#step()]. In a simultaneous game the actions wait in
/// the batch, in agent order, and are played when the last alive agent has chosen; nobody sees an earlier one. Agents
/// that have ended come first, in order, as PettingZoo's `_deads_step_first` has it.
///
/// What it tells of an agent that is gone stays until the next reset. A refused call changes nothing. One caller at a
/// time.
public final class AecView {
    /// No agent: before the first reset, and when all are gone.
    public static final int NOBODY = -1;

    final VectorEnvironment vector;
    final Batch batch;
    final int agents;
    private final boolean simultaneous;

    boolean begun;
    /// Simultaneous games: agents below this index have chosen in the running round.
    int chosen;

    final boolean[] gone;
    final boolean[] terminated;
    final boolean[] truncated;
    final boolean[] tookPart;
    final double[] reward;
    final double[] cumulative;
    private final @Nullable Map<String, Object>[] infos;

    /// A view of the only row of `vector`, which must not reset itself.
    ///
    /// @throws HyperTokenException `bad_field` if the vector has several rows, or autoreset
    @SuppressWarnings("unchecked")
    public AecView(VectorEnvironment vector) {
        if (vector.settings().rows() != 1 || vector.settings().autoreset() != Autoreset.DISABLED) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot play turns on " + vector.settings().rows() + " rows with autoreset "
                            + vector.settings().autoreset().wireName(),
                    "turns are those of one row that is reset by its caller",
                    "open one row with autoreset disabled, or step batches");
        }
        this.vector = vector;
        this.batch = vector.batch();
        this.agents = batch.agents();
        this.simultaneous = vector.rowsAreSimultaneous();
        this.gone = new boolean[agents];
        this.terminated = new boolean[agents];
        this.truncated = new boolean[agents];
        this.tookPart = new boolean[agents];
        this.reward = new double[agents];
        this.cumulative = new double[agents];
        this.infos = (Map<String, Object>[]) new Map<?, ?>[agents];
        clear();
    }

    /// Begins an episode.
    ///
    /// @param seed 0 or more, or [VectorEnvironment#NO_SEED] to draw on
    /// @param episodeOptions the declared episode options
    public void reset(long seed, Map<String, ?> episodeOptions) {
        try {
            vector.reset(null, new long[] {seed}, episodeOptions);
        } catch (HyperTokenException thrown) {
            if (thrown.code() == ENVIRONMENT_FAILED) {
                synchronize(); // the former episode is gone, and nobody plays
            }
            throw thrown;
        }
        synchronize();
    }

    /// Plays the action that stands in the batch for [#selection()], who must be alive.
    ///
    /// @throws HyperTokenException as [VectorEnvironment#step()]; `episode_over` when all agents are gone
    public void step() {
        int agent = requireSelection();
        if (isDead(agent)) {
            throw new IllegalStateException("agent " + agent + " has ended and can only make its dead step; "
                    + "an ended agent plays no action; call deadStep()");
        }
        if (simultaneous) {
            vector.checkAction(0, agent);
            startAnew(agent);
            chosen = agent + 1;
            if (selection() != NOBODY) {
                forgetStep();
                return;
            }
            vector.step();
            chosen = 0;
        } else {
            vector.step();
            startAnew(agent);
        }
        record();
    }

    /// Plays the actions that stand in the batch at once: those of all alive agents, or that of the acting one in a
    /// sequential game. Agents that have ended are gone before it and after it, as in PettingZoo's Parallel API.
    ///
    /// @throws HyperTokenException as [#step()]
    public void stepAll() {
        requireRunning();
        vector.step();
        chosen = 0;
        for (int agent = 0; agent < agents; agent++) {
            gone[agent] |= isDead(agent);
            if (batch.alive(0, agent) || batch.terminated(0, agent) || batch.truncated(0, agent)) {
                startAnew(agent);
            }
        }
        record();
        removeDead();
    }

    /// Makes the dead step of [#selection()], who has ended: it is gone.
    public void deadStep() {
        gone[requireSelection()] = true;
    }

    /// Makes the dead steps of all agents that have ended.
    public void removeDead() {
        for (int agent = 0; agent < agents; agent++) {
            gone[agent] |= isDead(agent);
        }
    }

    /// Takes over what the vector shows after it was reset or stepped by someone else: whoever is alive plays on, and
    /// whoever is not is gone.
    public void synchronize() {
        clear();
        begun = vector.wasReset(0);
        for (int agent = 0; agent < agents && begun; agent++) {
            terminated[agent] = batch.terminated(0, agent);
            truncated[agent] = batch.truncated(0, agent);
            reward[agent] = batch.reward(0, agent);
            cumulative[agent] = reward[agent];
            tookPart[agent] = batch.alive(0, agent) || isOut(agent);
            gone[agent] = !batch.alive(0, agent);
            hold(agent);
        }
    }

    /// Whether an episode has begun at all.
    public boolean begun() {
        return begun;
    }

    /// Whether all agents have ended, though some may still owe their dead step.
    public boolean isOver() {
        for (int agent = 0; agent < agents; agent++) {
            if (batch.alive(0, agent)) {
                return false;
            }
        }
        return true;
    }

    /// The agent whose step comes next: the first that has ended and is not yet gone, otherwise the one that acts;
    /// [#NOBODY] before the first reset and when all are gone.
    public int selection() {
        if (!begun) {
            return NOBODY;
        }
        for (int agent = 0; agent < agents; agent++) {
            if (isDead(agent)) {
                return agent;
            }
        }
        if (!simultaneous) {
            return batch.turn(0);
        }
        for (int agent = chosen; agent < agents; agent++) {
            if (batch.alive(0, agent)) {
                return agent;
            }
        }
        return NOBODY;
    }

    /// The agent whose step comes next.
    ///
    /// @throws HyperTokenException `not_reset` before the first reset, `episode_over` when all agents are gone
    public int requireSelection() {
        requireBegun();
        int agent = selection();
        if (agent == NOBODY) {
            throw over();
        }
        return agent;
    }

    /// Refuses what needs an agent that still plays.
    ///
    /// @throws HyperTokenException `not_reset` before the first reset, `episode_over` when all agents have ended
    public void requireRunning() {
        requireBegun();
        if (isOver()) {
            throw over();
        }
    }

    /// Refuses what needs an episode.
    ///
    /// @throws HyperTokenException `not_reset` before the first reset
    public void requireBegun() {
        if (!begun) {
            throw new HyperTokenException(
                    NOT_RESET,
                    vector.spec().id() + " has not been reset",
                    "an episode begins with a reset",
                    "reset it first");
        }
    }

    /// Whether the agent is among PettingZoo's `agents`: in the episode, or ended and owing its dead step.
    public boolean isPresent(int agent) {
        return begun && !gone[agent];
    }

    /// Whether the agent has ended and owes its dead step.
    public boolean isDead(int agent) {
        return !gone[agent] && isOut(agent);
    }

    /// Whether the agent was alive before the last step, which is then also about it.
    public boolean tookPart(int agent) {
        return tookPart[agent];
    }

    /// Whether the agent was terminated in this episode.
    public boolean terminated(int agent) {
        return terminated[agent];
    }

    /// Whether the agent was truncated in this episode.
    public boolean truncated(int agent) {
        return truncated[agent];
    }

    /// The agent's reward of the last step that it was part of; 0 while a simultaneous round is still being chosen.
    public double reward(int agent) {
        return reward[agent];
    }

    /// What the agent gained since it last acted.
    public double cumulativeReward(int agent) {
        return cumulative[agent];
    }

    /// What the agent was told since it last acted; a later fact replaces an earlier one of the same name.
    public Map<String, Object> info(int agent) {
        Map<String, Object> held = infos[Objects.checkIndex(agent, agents)];
        return held == null ? Map.of() : held;
    }

    /// Makes the batch show what the agent sees now; for one that has ended, what it saw last.
    public void observe(int agent) {
        requireBegun();
        if (!simultaneous && batch.alive(0, agent) && batch.turn(0) != agent) {
            vector.observe(0, agent);
        }
    }

    /// The row's whole state with that of the cycle; infos are not kept.
    ///
    /// @throws HyperTokenException as [VectorEnvironment#snapshot(int)]
    public byte[] snapshot() {
        requireBegun();
        return new AecSnapshot(this).save();
    }

    /// Brings back what [#snapshot()] saved.
    ///
    /// @throws HyperTokenException `bad_field` if the bytes are no such snapshot; nothing is changed
    public void restore(byte[] snapshot) {
        new AecSnapshot(this).load(snapshot);
        Arrays.fill(infos, null);
    }

    private boolean isOut(int agent) {
        return terminated[agent] || truncated[agent];
    }

    /// The agent acts: what it gained and was told before is past.
    private void startAnew(int agent) {
        cumulative[agent] = 0;
        infos[agent] = null;
    }

    /// Reads the step that the vector has just made.
    private void record() {
        for (int agent = 0; agent < agents; agent++) {
            boolean ended = batch.terminated(0, agent) || batch.truncated(0, agent);
            tookPart[agent] = batch.alive(0, agent) || ended;
            if (tookPart[agent]) {
                terminated[agent] = batch.terminated(0, agent);
                truncated[agent] = batch.truncated(0, agent);
                reward[agent] = batch.reward(0, agent);
                cumulative[agent] += reward[agent];
                hold(agent);
            }
        }
    }

    /// A choice in a simultaneous round that is not yet played: no rewards, nobody ends.
    private void forgetStep() {
        for (int agent = 0; agent < agents; agent++) {
            tookPart[agent] = batch.alive(0, agent);
            if (tookPart[agent]) {
                reward[agent] = 0;
            }
        }
    }

    private void hold(int agent) {
        Map<String, Object> told = vector.info(0, agent);
        Map<String, Object> held = infos[agent];
        if (held == null) {
            infos[agent] = told.isEmpty() ? null : new LinkedHashMap<>(told);
        } else {
            held.putAll(told);
        }
    }

    private void clear() {
        begun = false;
        chosen = 0;
        for (int agent = 0; agent < agents; agent++) {
            gone[agent] = true;
            terminated[agent] = false;
            truncated[agent] = false;
            tookPart[agent] = false;
            reward[agent] = 0;
            startAnew(agent);
        }
    }

    private HyperTokenException over() {
        return new HyperTokenException(
                EPISODE_OVER,
                "cannot step " + vector.spec().id(),
                "its episode is over and autoreset is disabled",
                "reset it first");
    }
}
