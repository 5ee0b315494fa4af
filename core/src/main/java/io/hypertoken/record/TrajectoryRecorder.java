package io.hypertoken.record;

import static io.hypertoken.record.RecordLayout.DREW_ON;
import static io.hypertoken.record.RecordLayout.NOBODY;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.ColumnGroup;
import io.hypertoken.engine.StepListener;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Writes down what every row of a vector does, from each row's next reset on; see [RecordLayout].
///
/// A vector without a recorder pays nothing. A row that could not be reset leaves no record of that reset. Restoring a
/// snapshot leaves no record either: the row's records then go on from the restored state.
public final class TrajectoryRecorder implements StepListener, AutoCloseable {

    private final VectorEnvironment vector;
    private final RecordSink sink;
    private final Batch batch;
    private final int rows;
    private final int agents;
    private final boolean simultaneous;
    private final boolean sameStep;
    private final MemorySegment reply;
    private final MemorySegment requests;
    private final LeafColumns actions;
    private final LeafColumns observations;
    private final LeafColumns finalObservations;
    private final long maskOffset;
    private final int[] maskSizes;
    private final RecordWriter writer = new RecordWriter();

    private final boolean[] begun;
    private final boolean[] waited;
    private final boolean[] wasAlive;
    private final int[] turns;

    private TrajectoryRecorder(VectorEnvironment vector, RecordSink sink) {
        this.vector = vector;
        this.sink = sink;
        this.batch = vector.batch();
        this.rows = batch.rows();
        this.agents = batch.agents();
        this.simultaneous = vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS;
        this.sameStep = vector.settings().autoreset() == Autoreset.SAME_STEP;
        this.reply = batch.reply();
        this.requests = batch.step();
        var layout = batch.layout();
        var signature = batch.signature();
        this.actions = LeafColumns.of(layout.step(), "action", signature.actionLeaves());
        this.observations = LeafColumns.of(layout.reply(), "observation", signature.observationLeaves());
        this.finalObservations = sameStep
                ? LeafColumns.of(layout.reply(), "final_observation", signature.observationLeaves())
                : observations;
        this.maskOffset =
                batch.maskSize() > 0 ? layout.reply().column("action_mask").offset() : 0;
        this.maskSizes = signature.actionSpaces().stream()
                .mapToInt(Space::maskSize)
                .map(own -> Math.min(own, batch.maskSize()))
                .toArray();
        this.begun = new boolean[rows];
        this.waited = new boolean[rows];
        this.wasAlive = new boolean[rows * agents];
        this.turns = new int[rows];
    }

    /// Records a vector's rows from their next resets on, until it is [closed][#close()].
    public static TrajectoryRecorder attach(VectorEnvironment vector, RecordSink sink) {
        var recorder = new TrajectoryRecorder(vector, sink);
        vector.attach(recorder);
        return recorder;
    }

    /// Records no more.
    @Override
    public void close() {
        vector.detach(this);
    }

    @Override
    public void afterReset() {
        for (int row = 0; row < rows; row++) {
            boolean meant = batch.reset().get(ValueLayout.JAVA_BYTE, maskOfReset(row)) != 0;
            if (meant && vector.wasReset(row)) {
                begun[row] = true;
                recordReset(row, vector.resetSeed(row));
            } else if (meant) {
                begun[row] = false;
            }
        }
    }

    @Override
    public void beforeStep() {
        for (int row = 0; row < rows; row++) {
            waited[row] = vector.over(row);
            turns[row] = batch.turn(row);
            for (int agent = 0; agent < agents; agent++) {
                wasAlive[row * agents + agent] = batch.alive(row, agent);
            }
        }
    }

    @Override
    public void afterStep() {
        for (int row = 0; row < rows; row++) {
            if (!begun[row]) {
                continue;
            }
            if (!waited[row]) {
                boolean over = recordStep(row);
                if (over && sameStep && !vector.over(row)) {
                    recordReset(row, DREW_ON);
                }
            } else if (!vector.over(row)) {
                recordReset(row, DREW_ON);
            }
        }
    }

    private void recordReset(int row, long seed) {
        writer.begin(RecordLayout.RESET);
        writer.putLong(seed);
        int turn = batch.turn(row);
        writer.putInt(turn);
        for (int agent = 0; agent < agents; agent++) {
            if (simultaneous || agent == turn) {
                putSeen(row, agent);
            }
        }
        sink.record(row, writer.bytes(), writer.length());
    }

    private boolean recordStep(int row) {
        writer.begin(RecordLayout.STEP);
        for (int agent = 0; agent < agents; agent++) {
            if (simultaneous ? wasAlive(row, agent) : agent == turns[row]) {
                actions.put(writer, requests, cell(row, agent));
            }
        }
        boolean over = true;
        for (int agent = 0; agent < agents; agent++) {
            writer.putDouble(batch.reward(row, agent));
            over &= !wasAlive(row, agent) || ended(row, agent);
        }
        for (int agent = 0; agent < agents; agent++) {
            writer.putByte(batch.terminated(row, agent) ? (byte) 1 : 0);
        }
        for (int agent = 0; agent < agents; agent++) {
            writer.putByte(batch.truncated(row, agent) ? (byte) 1 : 0);
        }
        int turn = over ? NOBODY : batch.turn(row);
        writer.putInt(turn);
        putSeenByNext(row, over, turn);
        LeafColumns ends = over ? finalObservations : observations;
        for (int agent = 0; agent < agents; agent++) {
            if (wasAlive(row, agent) && ended(row, agent)) {
                ends.put(writer, reply, cell(row, agent));
            }
        }
        sink.record(row, writer.bytes(), writer.length());
        return over;
    }

    private void putSeenByNext(int row, boolean over, int turn) {
        for (int agent = 0; agent < agents && !over; agent++) {
            if (simultaneous ? batch.alive(row, agent) : agent == turn) {
                putSeen(row, agent);
            }
        }
    }

    private void putSeen(int row, int agent) {
        observations.put(writer, reply, cell(row, agent));
        writer.putBytes(reply, maskOffset + cell(row, agent) * batch.maskSize(), maskSizes[agent]);
    }

    private boolean wasAlive(int row, int agent) {
        return wasAlive[row * agents + agent];
    }

    private boolean ended(int row, int agent) {
        return batch.terminated(row, agent) || batch.truncated(row, agent);
    }

    private long cell(int row, int agent) {
        return (long) row * agents + agent;
    }

    private long maskOfReset(int row) {
        return batch.layout().reset().column("mask").offset() + row;
    }

    /// Where the leaves of one kind lie in their group.
    private record LeafColumns(List<Leaf> leaves, long[] offsets) {
        static LeafColumns of(ColumnGroup group, String prefix, List<Leaf> leaves) {
            long[] offsets = leaves.stream()
                    .mapToLong(leaf ->
                            group.column(BatchLayout.columnName(prefix, leaf)).offset())
                    .toArray();
            return new LeafColumns(leaves, offsets);
        }

        void put(RecordWriter writer, MemorySegment group, long cell) {
            for (int k = 0; k < offsets.length; k++) {
                Leaf leaf = leaves.get(k);
                writer.putLeaf(leaf, group, offsets[k] + cell * leaf.bytes());
            }
        }
    }
}
