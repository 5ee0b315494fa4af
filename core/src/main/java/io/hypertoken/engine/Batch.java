package io.hypertoken.engine;

import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;

/// The memory of a vector: three groups of columns, laid out as [BatchLayout] draws them.
///
/// The memory belongs to the vector or to its caller (numpy, a network buffer), who gave the address once and keeps it
/// valid and 8-byte aligned for the vector's life. Every segment given out here is bounded and lives as long as the
/// vector: after [VectorEnvironment#close()] reading is an [IllegalStateException]. Reading is sensible whenever no
/// step
/// is under way. The typed methods check their indices; [#reply()] and its siblings are the raw groups, for copying a
/// whole message at once, and [#observation(int)] and its siblings the single columns, little-endian.
public final class Batch {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final BatchLayout layout;
    private final Signature signature;
    private final Leaf[] observationLeaves;
    private final Leaf[] actionLeaves;
    private final int rows;
    private final int agents;
    private final int maskSize;
    private final int metricCount;
    private final MemorySegment resetGroup;
    private final MemorySegment stepGroup;
    private final MemorySegment replyGroup;
    private final MemorySegment[] actionColumns;
    private final MemorySegment[] observationColumns;
    private final MemorySegment[] finalObservationColumns;

    // The engine's own addresses, 0 where there is no such column: see Memory.
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
    final long illegalAction;
    final long played;
    final long episodeReturn;
    final long episodeLength;
    final long metrics;
    /// The columns of the Spec's info numbers, in its order.
    final long[] infoNumbers;
    final long[] finalInfoNumbers;

    /// @param memory of the layout's size, valid for the vector's life
    Batch(Spec spec, Signature signature, BatchLayout layout, MemorySegment memory) {
        this.layout = layout;
        this.signature = signature;
        this.observationLeaves = signature.observationLeaves().toArray(Leaf[]::new);
        this.actionLeaves = signature.actionLeaves().toArray(Leaf[]::new);
        this.rows = layout.reset().column("seeds").shape().getFirst();
        this.agents = signature.agents().size();
        this.maskSize = BatchLayout.maskSize(spec, signature);
        this.metricCount = spec.metrics().size();
        this.resetGroup = memory.asSlice(0, layout.reset().bytes());
        this.stepGroup = memory.asSlice(resetGroup.byteSize(), layout.step().bytes());
        this.replyGroup = memory.asSlice(
                resetGroup.byteSize() + stepGroup.byteSize(), layout.reply().bytes());
        this.actionColumns = leaves(stepGroup, layout.step(), "action", actionLeaves);
        this.observationColumns = leaves(replyGroup, layout.reply(), "observation", observationLeaves);
        this.finalObservationColumns = leaves(replyGroup, layout.reply(), "final_observation", observationLeaves);
        this.seeds = seeds().address();
        this.resetMask = resetMask().address();
        this.actions = addresses(actionColumns);
        this.observations = addresses(observationColumns);
        this.finalObservations = addresses(finalObservationColumns);
        this.actionMask = replyAddress("action_mask");
        this.reward = replyAddress("reward");
        this.terminated = replyAddress("terminated");
        this.truncated = replyAddress("truncated");
        this.alive = replyAddress("alive");
        this.turn = replyAddress("turn");
        this.illegalAction = replyAddress("illegal_action");
        this.played = replyAddress("played");
        this.episodeReturn = replyAddress("episode_return");
        this.episodeLength = replyAddress("episode_length");
        this.metrics = replyAddress("metrics");
        this.infoNumbers = infoNumbers(spec, "info.");
        this.finalInfoNumbers = infoNumbers(spec, "final_info.");
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
        return resetGroup;
    }

    /// The group that a step reads.
    public MemorySegment step() {
        return stepGroup;
    }

    /// The group that reset and step write.
    public MemorySegment reply() {
        return replyGroup;
    }

    /// The column `seeds` of a reset, one i64 a row.
    public MemorySegment seeds() {
        return column(resetGroup, layout.reset(), "seeds");
    }

    /// The column `mask` of a reset, one byte a row: which rows it resets.
    public MemorySegment resetMask() {
        return column(resetGroup, layout.reset(), "mask");
    }

    /// The column of an action leaf, `[rows, agents, *leaf]`.
    public MemorySegment action(int leaf) {
        return actionColumns[leaf];
    }

    /// The column of an observation leaf, `[rows, agents, *leaf]`.
    public MemorySegment observation(int leaf) {
        return observationColumns[leaf];
    }

    /// The column of a leaf of the last observations of episodes that ended in this step; SAME_STEP only.
    public MemorySegment finalObservation(int leaf) {
        requireFinalObservations();
        return finalObservationColumns[leaf];
    }

    /// Any other column of the reply, by the name that [BatchLayout] gives it.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public MemorySegment replyColumn(String name) {
        return column(replyGroup, layout.reply(), name);
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
        Elements.put(actionColumns[leaf], actionLeaves[leaf], cell(row, agent), k, value);
    }

    /// Element k of a leaf of an agent's action.
    public double action(int row, int agent, int leaf, int k) {
        return Elements.get(actionColumns[leaf], actionLeaves[leaf], cell(row, agent), k);
    }

    /// Element k of leaf 0 of what a single-agent row shows.
    public double observation(int row, int k) {
        return observation(row, 0, 0, k);
    }

    /// Element k of a leaf of what an agent sees.
    public double observation(int row, int agent, int leaf, int k) {
        return Elements.get(observationColumns[leaf], observationLeaves[leaf], cell(row, agent), k);
    }

    /// Element k of a leaf of the last thing an agent saw of the episode that ended in this step; SAME_STEP only.
    public double finalObservation(int row, int agent, int leaf, int k) {
        requireFinalObservations();
        return Elements.get(finalObservationColumns[leaf], observationLeaves[leaf], cell(row, agent), k);
    }

    /// Whether action k of the mask is allowed now; false for an agent that cannot act, true without masks.
    public boolean allowed(int row, int agent, int k) {
        return maskSize == 0 || flag(actionMask, cell(row, agent) * maskSize + Objects.checkIndex(k, maskSize));
    }

    /// An agent's reward of the last step.
    public double reward(int row, int agent) {
        return number(reward, cell(row, agent));
    }

    /// Whether the last step terminated this agent.
    public boolean terminated(int row, int agent) {
        return flag(terminated, cell(row, agent));
    }

    /// Whether the last step truncated this agent.
    public boolean truncated(int row, int agent) {
        return flag(truncated, cell(row, agent));
    }

    /// Whether this agent still plays.
    public boolean alive(int row, int agent) {
        return flag(alive, cell(row, agent));
    }

    /// Whether the agent's action was illegal, so that another was played for it or its episode was ended.
    public boolean illegalAction(int row, int agent) {
        return illegalAction != 0 && flag(illegalAction, cell(row, agent));
    }

    /// The index of the agent to act; -1 when all alive agents act, or the episode is over.
    public int turn(int row) {
        return replyGroup.get(ValueLayout.JAVA_INT_UNALIGNED, turn - replyGroup.address() + 4L * row(row));
    }

    /// The sum of an agent's rewards in the running episode, or in the one that ended in this step.
    public double episodeReturn(int row, int agent) {
        return number(episodeReturn, cell(row, agent));
    }

    /// The number of steps of the running episode, or of the one that ended in this step.
    public long episodeLength(int row) {
        return replyGroup.get(LONG, episodeLength - replyGroup.address() + 8L * row(row));
    }

    /// The sum of declared metric `metric` (its place in the [Spec]) in the running episode, or in the one that ended
    /// in this step.
    public double metric(int row, int metric) {
        return number(metrics, (long) row(row) * metricCount + Objects.checkIndex(metric, metricCount));
    }

    private boolean flag(long column, long cell) {
        return replyGroup.get(ValueLayout.JAVA_BYTE, column - replyGroup.address() + cell) != 0;
    }

    private double number(long column, long cell) {
        return replyGroup.get(DOUBLE, column - replyGroup.address() + 8 * cell);
    }

    private int row(int row) {
        return Objects.checkIndex(row, rows);
    }

    private long cell(int row, int agent) {
        return (long) row(row) * agents + Objects.checkIndex(agent, agents);
    }

    private void requireFinalObservations() {
        if (finalObservationColumns.length == 0) {
            throw new IllegalStateException(
                    "there are no final observations; only SAME_STEP autoreset has them; read the observations");
        }
    }

    private long replyAddress(String name) {
        return layout.reply().has(name) ? replyColumn(name).address() : 0;
    }

    private long[] infoNumbers(Spec spec, String prefix) {
        if (spec.infoNumbers().isEmpty()) {
            return new long[0];
        }
        return spec.infoNumbers().stream()
                .map(number -> prefix + number.name())
                .filter(layout.reply()::has)
                .mapToLong(this::replyAddress)
                .toArray();
    }

    private static MemorySegment column(MemorySegment group, ColumnGroup columns, String name) {
        Column column = columns.column(name);
        return group.asSlice(column.offset(), column.bytes());
    }

    private static MemorySegment[] leaves(MemorySegment group, ColumnGroup columns, String prefix, Leaf[] leaves) {
        var found = new ArrayList<MemorySegment>(leaves.length);
        for (Leaf leaf : leaves) {
            String name = BatchLayout.columnName(prefix, leaf);
            if (columns.has(name)) {
                found.add(column(group, columns, name));
            }
        }
        return found.toArray(MemorySegment[]::new);
    }

    private static long[] addresses(MemorySegment[] columns) {
        long[] addresses = new long[columns.length];
        Arrays.setAll(addresses, k -> columns[k].address());
        return addresses;
    }
}
