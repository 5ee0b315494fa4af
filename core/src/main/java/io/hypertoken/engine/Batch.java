package io.hypertoken.engine;

import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/// The memory of a vector: three groups of columns, laid out as [BatchLayout] draws them.
///
/// The memory belongs to the vector or to its caller (numpy, a network buffer), who gave the address once and keeps it
/// valid and 8-byte aligned for the vector's life. Reading is safe whenever no step is under way. The typed methods
/// check their indices; [#reply()] and its siblings are the raw groups, for copying a whole message at once.
public final class Batch {
    private final BatchLayout layout;
    private final Signature signature;
    private final Leaf[] observationLeaves;
    private final Leaf[] actionLeaves;
    private final int rows;
    private final int agents;
    private final int maskSize;
    private final int metricCount;

    private final long resetAddress;
    private final long stepAddress;
    private final long replyAddress;

    final long seeds;
    final long resetMask;
    final long[] actions;
    final long[] observations;
    final long[] finalObservations;
    final long actionMask;
    final long reward;
    final long terminated;
    final long truncated;
    final long alive;
    final long turn;
    final long episodeReturn;
    final long episodeLength;
    final long metrics;
    /// The columns of the numbers that the Spec tells, in its order.
    final long[] infoNumbers;
    final long[] finalInfoNumbers;

    Batch(Spec spec, Signature signature, int rows, Autoreset autoreset, long address) {
        this.layout = BatchLayout.of(spec, signature, rows, autoreset);
        this.signature = signature;
        this.observationLeaves = signature.observationLeaves().toArray(Leaf[]::new);
        this.actionLeaves = signature.actionLeaves().toArray(Leaf[]::new);
        this.rows = rows;
        this.agents = signature.agents().size();
        this.maskSize = BatchLayout.maskSize(spec, signature);
        this.metricCount = spec.metrics().size();
        this.resetAddress = address;
        this.stepAddress = resetAddress + layout.reset().bytes();
        this.replyAddress = stepAddress + layout.step().bytes();
        this.seeds = resetAddress + layout.reset().column("seeds").offset();
        this.resetMask = resetAddress + layout.reset().column("mask").offset();
        this.actions = leaves(layout.step(), stepAddress, "action", signature.actionLeaves());
        this.observations = leaves(layout.reply(), replyAddress, "observation", signature.observationLeaves());
        this.finalObservations =
                leaves(layout.reply(), replyAddress, "final_observation", signature.observationLeaves());
        this.actionMask = replyColumn("action_mask");
        this.reward = replyColumn("reward");
        this.terminated = replyColumn("terminated");
        this.truncated = replyColumn("truncated");
        this.alive = replyColumn("alive");
        this.turn = replyColumn("turn");
        this.episodeReturn = replyColumn("episode_return");
        this.episodeLength = replyColumn("episode_length");
        this.metrics = replyColumn("metrics");
        this.infoNumbers = infoColumns(spec, "info.");
        this.finalInfoNumbers = infoColumns(spec, "final_info.");
    }

    /// Where everything lies.
    public BatchLayout layout() {
        return layout;
    }

    /// The agents and spaces of every row.
    public Signature signature() {
        return signature;
    }

    /// How many rows.
    public int rows() {
        return rows;
    }

    /// How many agents in each row.
    public int agents() {
        return agents;
    }

    /// How many mask flags each agent has; 0 without masks.
    public int maskSize() {
        return maskSize;
    }

    /// The group that a reset reads.
    public MemorySegment reset() {
        return Memory.region(resetAddress, layout.reset().bytes());
    }

    /// The group that a step reads.
    public MemorySegment step() {
        return Memory.region(stepAddress, layout.step().bytes());
    }

    /// The group that reset and step write.
    public MemorySegment reply() {
        return Memory.region(replyAddress, layout.reply().bytes());
    }

    /// Chooses the integer action of a single-agent row.
    public void action(int row, long action) {
        action(row, 0, 0, 0, action);
    }

    /// Chooses an agent's integer action.
    public void action(int row, int agent, long action) {
        action(row, agent, 0, 0, action);
    }

    /// Chooses element k of a leaf of an agent's action.
    public void action(int row, int agent, int leaf, int k, double value) {
        Leaf shape = actionLeaves[leaf];
        Memory.putNumber(shape.dtype(), address(actions[leaf], cell(row, agent), shape, k), 0, value);
    }

    /// Element k of a leaf of an agent's action.
    public double action(int row, int agent, int leaf, int k) {
        Leaf shape = actionLeaves[leaf];
        return Memory.getNumber(shape.dtype(), address(actions[leaf], cell(row, agent), shape, k), 0);
    }

    /// Element k of leaf 0 of what a single-agent row shows.
    public double observation(int row, int k) {
        return observation(row, 0, 0, k);
    }

    /// Element k of a leaf of what an agent sees.
    public double observation(int row, int agent, int leaf, int k) {
        Leaf shape = observationLeaves[leaf];
        return Memory.getNumber(shape.dtype(), address(observations[leaf], cell(row, agent), shape, k), 0);
    }

    /// Element k of a leaf of the last thing an agent saw of the episode that ended in this step; SAME_STEP only.
    public double finalObservation(int row, int agent, int leaf, int k) {
        if (finalObservations.length == 0) {
            throw new IllegalStateException(
                    "there are no final observations; only SAME_STEP autoreset has them; " + "read the observations");
        }
        Leaf shape = observationLeaves[leaf];
        return Memory.getNumber(shape.dtype(), address(finalObservations[leaf], cell(row, agent), shape, k), 0);
    }

    /// Whether action k of the mask is allowed now; false for an agent that cannot act, true without masks.
    public boolean allowed(int row, int agent, int k) {
        return maskSize == 0
                || Memory.getFlag(actionMask + cell(row, agent) * maskSize + Objects.checkIndex(k, maskSize));
    }

    /// An agent's reward of the last step.
    public double reward(int row, int agent) {
        return Memory.getDouble(reward + 8 * cell(row, agent));
    }

    /// Whether the last step terminated this agent.
    public boolean terminated(int row, int agent) {
        return Memory.getFlag(terminated + cell(row, agent));
    }

    /// Whether the last step truncated this agent.
    public boolean truncated(int row, int agent) {
        return Memory.getFlag(truncated + cell(row, agent));
    }

    /// Whether this agent still plays.
    public boolean alive(int row, int agent) {
        return Memory.getFlag(alive + cell(row, agent));
    }

    /// The index of the agent to act; -1 when all alive agents act, or the episode is over.
    public int turn(int row) {
        return Memory.getInt(turn + 4L * Objects.checkIndex(row, rows));
    }

    /// The sum of an agent's rewards in the running episode, or in the one that ended in this step.
    public double episodeReturn(int row, int agent) {
        return Memory.getDouble(episodeReturn + 8 * cell(row, agent));
    }

    /// The number of steps of the running episode, or of the one that ended in this step.
    public long episodeLength(int row) {
        return Memory.getLong(episodeLength + 8L * Objects.checkIndex(row, rows));
    }

    /// The sum of declared metric `metric` (its place in the [Spec]) in the running episode, or in the one that ended
    /// in
    /// this step.
    public double metric(int row, int metric) {
        long at = (long) Objects.checkIndex(row, rows) * metricCount + Objects.checkIndex(metric, metricCount);
        return Memory.getDouble(metrics + 8 * at);
    }

    private long cell(int row, int agent) {
        return (long) Objects.checkIndex(row, rows) * agents + Objects.checkIndex(agent, agents);
    }

    private static long address(long column, long cell, Leaf leaf, int k) {
        return column
                + cell * leaf.bytes()
                + (long) Objects.checkIndex(k, leaf.size()) * leaf.dtype().bytes();
    }

    private long replyColumn(String name) {
        return layout.reply().has(name)
                ? replyAddress + layout.reply().column(name).offset()
                : 0;
    }

    private long[] infoColumns(Spec spec, String prefix) {
        return spec.infoNumbers().stream()
                .map(number -> prefix + number.name())
                .filter(layout.reply()::has)
                .mapToLong(this::replyColumn)
                .toArray();
    }

    private static long[] leaves(ColumnGroup group, long base, String prefix, List<Leaf> leaves) {
        return leaves.stream()
                .map(leaf -> BatchLayout.columnName(prefix, leaf))
                .filter(group::has)
                .mapToLong(name -> base + group.column(name).offset())
                .toArray();
    }
}
