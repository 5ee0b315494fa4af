package io.hypertoken.server.relay.rows;

import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.Step;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;

/// Asks one row alone, for a caller who knows nothing of groups.
final class SoloRequest implements RemoteRequest {
    private final int row;
    private final Kind kind;
    private final Step step;
    private final boolean simultaneous;
    private final MemorySegment[] actions;

    /// @param rows how many there are
    SoloRequest(int row, int rows, Kind kind, Step step, boolean simultaneous, List<Leaf> leaves) {
        this.row = row;
        this.kind = kind;
        this.step = step;
        this.simultaneous = simultaneous;
        this.actions = new MemorySegment[leaves.size()];
        for (int leaf = 0; leaf < actions.length; leaf++) {
            actions[leaf] = column(leaf, leaves.get(leaf), rows);
        }
    }

    private MemorySegment column(int index, Leaf leaf, int rows) {
        var column = ByteBuffer.allocate(rows * step.agents() * leaf.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int agent = 0; agent < step.agents() && kind == Kind.STEP; agent++) {
            if (simultaneous ? step.alive(agent) : agent == step.agent()) {
                int at = (row * step.agents() + agent) * leaf.bytes();
                for (int k = 0; k < leaf.size(); k++) {
                    put(column, at + k * leaf.dtype().bytes(), leaf.dtype(), step.value(agent, index, k));
                }
            }
        }
        return MemorySegment.ofBuffer(column);
    }

    private static void put(ByteBuffer column, int at, DType dtype, double value) {
        switch (dtype) {
            case FLOAT32 -> column.putFloat(at, (float) value);
            case FLOAT64 -> column.putDouble(at, value);
            case INT64 -> column.putLong(at, (long) value);
            case INT32 -> column.putInt(at, (int) value);
            case INT16, UINT16 -> column.putShort(at, (short) value);
            case INT8, UINT8 -> column.put(at, (byte) value);
        }
    }

    @Override
    public Kind kind(int asked) {
        return asked == row ? kind : Kind.NOTHING;
    }

    @Override
    public OptionalLong seed(int asked) {
        return step.seed();
    }

    @Override
    public Options options(int asked) {
        return step.options();
    }

    @Override
    public MemorySegment action(int leaf) {
        return actions[leaf];
    }

    @Override
    public int turn(int asked) {
        return simultaneous ? -1 : step.agent();
    }
}
