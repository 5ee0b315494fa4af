package io.hypertoken.check;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Renders;
import io.hypertoken.space.Leaf;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What one step of [Play] brought: a copy that later steps leave alone.
///
/// Agents are indices from 0. The forms without an agent speak of whoever is to act next for [#observation()] and
/// [#mask()] (in a simultaneous game, agent 0), and of whoever acted last for [#reward()], [#terminated()],
/// [#truncated()] and [#info()] and, once the episode is over, for all of them.
public final class Played {
    private final int turn;
    private final int seer;
    private final int acted;
    private final boolean over;
    private final long length;
    private final double[][][] observations;
    private final boolean[][] masks;
    private final double[] rewards;
    private final double[] returns;
    private final boolean[] terminated;
    private final boolean[] truncated;
    private final boolean[] alive;
    private final List<Map<String, Object>> infos;
    private final @Nullable String text;

    private Played(VectorEnvironment vector, int acted) {
        Batch batch = vector.batch();
        int agents = batch.agents();
        this.acted = acted;
        this.turn = batch.turn(0);
        this.over = vector.over(0);
        this.seer = turn >= 0 ? turn : acted;
        this.length = batch.episodeLength(0);
        this.observations = new double[agents][][];
        this.masks = new boolean[agents][];
        this.rewards = new double[agents];
        this.returns = new double[agents];
        this.terminated = new boolean[agents];
        this.truncated = new boolean[agents];
        this.alive = new boolean[agents];
        for (int agent = 0; agent < agents; agent++) {
            observations[agent] = observed(batch, agent);
            masks[agent] = mask(batch, agent);
            rewards[agent] = batch.reward(0, agent);
            returns[agent] = batch.episodeReturn(0, agent);
            terminated[agent] = batch.terminated(0, agent);
            truncated[agent] = batch.truncated(0, agent);
            alive[agent] = batch.alive(0, agent);
        }
        this.infos = IntStream.range(0, agents)
                .mapToObj(agent -> Map.copyOf(vector.info(0, agent)))
                .toList();
        this.text = vector.text(0, Renders.SPECTATOR);
    }

    static Played of(VectorEnvironment vector, int acted) {
        return new Played(vector, acted);
    }

    private static double[][] observed(Batch batch, int agent) {
        List<Leaf> leaves = batch.signature().observationLeaves();
        double[][] values = new double[leaves.size()][];
        for (int leaf = 0; leaf < values.length; leaf++) {
            values[leaf] = new double[leaves.get(leaf).size()];
            for (int k = 0; k < values[leaf].length; k++) {
                values[leaf][k] = batch.observation(0, agent, leaf, k);
            }
        }
        return values;
    }

    private static boolean[] mask(Batch batch, int agent) {
        boolean[] flags = new boolean
                [Math.min(
                        batch.maskSize(),
                        batch.signature().actionSpaces().get(agent).maskSize())];
        for (int k = 0; k < flags.length; k++) {
            flags[k] = batch.allowed(0, agent, k);
        }
        return flags;
    }

    /// Element 0 of leaf 0 of the observation.
    public double observation() {
        return observation(0);
    }

    /// Element k of leaf 0 of the observation.
    public double observation(int k) {
        return observations[seer][0][k];
    }

    /// All elements of leaf 0 of an agent's observation.
    public double[] observations(int agent) {
        return observations(agent, 0);
    }

    /// All elements of a leaf of an agent's observation.
    public double[] observations(int agent, int leaf) {
        return observations[agent][leaf].clone();
    }

    /// The action mask; empty where the action space has none.
    public boolean[] mask() {
        return masks[seer].clone();
    }

    /// An agent's action mask; all false when it cannot act.
    public boolean[] mask(int agent) {
        return masks[agent].clone();
    }

    /// The mask indices of the actions that are allowed to whoever is to act.
    public int[] allowed() {
        boolean[] flags = masks[seer];
        return IntStream.range(0, flags.length).filter(k -> flags[k]).toArray();
    }

    /// The reward of the step.
    public double reward() {
        return rewards[acted];
    }

    /// An agent's reward of the step.
    public double reward(int agent) {
        return rewards[agent];
    }

    /// Every agent's reward of the step.
    public double[] rewards() {
        return rewards.clone();
    }

    /// The sum of an agent's rewards in this episode.
    public double episodeReturn(int agent) {
        return returns[agent];
    }

    /// Whether the step terminated whoever acted.
    public boolean terminated() {
        return terminated[acted];
    }

    /// Whether the step terminated an agent.
    public boolean terminated(int agent) {
        return terminated[agent];
    }

    /// Whether the step truncated whoever acted.
    public boolean truncated() {
        return truncated[acted];
    }

    /// Whether the step truncated an agent.
    public boolean truncated(int agent) {
        return truncated[agent];
    }

    /// Whether an agent still plays.
    public boolean alive(int agent) {
        return alive[agent];
    }

    /// The agent to act; -1 when all alive agents act, or the episode is over.
    public int turn() {
        return turn;
    }

    /// Whether the episode is over.
    public boolean over() {
        return over;
    }

    /// How many steps the episode has had.
    public long length() {
        return length;
    }

    /// What the step told whoever acted.
    public Map<String, Object> info() {
        return infos.get(acted);
    }

    /// What the step told an agent.
    public Map<String, Object> info(int agent) {
        return infos.get(agent);
    }

    /// The state drawn for a spectator; null where the environment does not draw.
    public @Nullable String text() {
        return text;
    }

    @Override
    public String toString() {
        return "step " + length + ": turn " + turn + ", observations " + Arrays.deepToString(observations) + ", mask "
                + Arrays.deepToString(masks) + ", rewards " + Arrays.toString(rewards) + ", terminated "
                + Arrays.toString(terminated) + ", truncated " + Arrays.toString(truncated);
    }
}
