package io.hypertoken.record;

import static io.hypertoken.record.RecordLayout.NOBODY;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.StepListener;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Writes down what every row of a vector does, from each row's next reset on; see [RecordLayout].
///
/// A vector without a recorder pays nothing. A row that could not be reset leaves no record of
/// that reset, only of the later one that came about. Restoring a
/// snapshot leaves no record either: the row's records then go on from the restored state.
public final class TrajectoryRecorder implements StepListener, AutoCloseable {

    private final VectorEnvironment vector;
    private final RecordSink sink;
    private final Batch batch;
    private final int rows;
    private final int agents;
    private final boolean simultaneous;
    private final boolean sameStep;
    private final LeafColumns actions;
    private final LeafColumns observations;
    private final LeafColumns finalObservations;
    private final MemorySegment masks;
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
        var signature = batch.signature();
        this.actions = LeafColumns.of(signature.actionLeaves(), batch::action);
        this.observations = LeafColumns.of(signature.observationLeaves(), batch::observation);
        this.finalObservations =
                sameStep ? LeafColumns.of(signature.observationLeaves(), batch::finalObservation) : observations;
        this.masks = batch.maskSize() > 0 ? batch.replyColumn("action_mask") : MemorySegment.NULL;
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
            boolean meant = batch.resetMask().get(ValueLayout.JAVA_BYTE, row) != 0;
            if (meant) {
                begun[row] = true;
            }
            if (meant && vector.wasReset(row) && !vector.over(row)) {
                recordReset(row);
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
                    recordReset(row);
                }
            } else if (!vector.over(row)) {
                recordReset(row);
            }
        }
    }

    private void recordReset(int row) {
        writer.begin(RecordLayout.RESET);
        writer.putLong(vector.episodeSeed(row));
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
                actions.put(writer, cell(row, agent));
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
                ends.put(writer, cell(row, agent));
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
        observations.put(writer, cell(row, agent));
        writer.putBytes(masks, cell(row, agent) * batch.maskSize(), maskSizes[agent]);
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

    /// The columns of one kind of leaves.
    private record LeafColumns(List<Leaf> leaves, List<MemorySegment> columns) {
        static LeafColumns of(List<Leaf> leaves, IntFunction<MemorySegment> column) {
            return new LeafColumns(
                    leaves, IntStream.range(0, leaves.size()).mapToObj(column).toList());
        }

        void put(RecordWriter writer, long cell) {
            for (int k = 0; k < leaves.size(); k++) {
                Leaf leaf = leaves.get(k);
                writer.putLeaf(leaf, columns.get(k), cell * leaf.bytes());
            }
        }
    }
}
