package io.hypertoken.check;

import io.hypertoken.env.View;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// A view in plain arrays: the bytes of each leaf, and the mask.
final class DirectView extends View {
    private final List<Leaf> leaves;
    private final ByteBuffer[] buffers;
    private final boolean[] mask;

    DirectView(List<Leaf> leaves, int maskSize) {
        this.leaves = leaves;
        this.buffers = leaves.stream()
                .map(leaf -> ByteBuffer.allocate(leaf.bytes()).order(ByteOrder.LITTLE_ENDIAN))
                .toArray(ByteBuffer[]::new);
        this.mask = new boolean[maskSize];
        Arrays.fill(mask, true);
    }

    boolean[] mask() {
        return mask;
    }

    /// Writes the leaves behind each other, every NaN the canonical one.
    void putLeaves(ByteBuffer into) {
        for (int leaf = 0; leaf < buffers.length; leaf++) {
            ByteBuffer from = buffers[leaf];
            for (int at = 0;
                    at < from.capacity();
                    at += leaves.get(leaf).dtype().bytes()) {
                switch (leaves.get(leaf).dtype()) {
                    case FLOAT32 -> into.putInt(Float.floatToIntBits(from.getFloat(at)));
                    case FLOAT64, INT64 -> into.putLong(canonical(leaf, at));
                    case INT32 -> into.putInt(from.getInt(at));
                    case INT16, UINT16 -> into.putShort(from.getShort(at));
                    case INT8, UINT8 -> into.put(from.get(at));
                }
            }
        }
    }

    private long canonical(int leaf, int at) {
        return leaves.get(leaf).dtype().floating()
                ? Double.doubleToLongBits(buffers[leaf].getDouble(at))
                : buffers[leaf].getLong(at);
    }

    @Override
    public View set(int leaf, int k, long value) {
        int at = k * leaves.get(leaf).dtype().bytes();
        switch (leaves.get(leaf).dtype()) {
            case FLOAT32 -> buffers[leaf].putFloat(at, value);
            case FLOAT64 -> buffers[leaf].putDouble(at, value);
            case INT64 -> buffers[leaf].putLong(at, value);
            case INT32 -> buffers[leaf].putInt(at, (int) value);
            case INT16, UINT16 -> buffers[leaf].putShort(at, (short) value);
            case INT8, UINT8 -> buffers[leaf].put(at, (byte) value);
        }
        return this;
    }

    @Override
    public View set(int leaf, int k, double value) {
        switch (leaves.get(leaf).dtype()) {
            case FLOAT32 -> buffers[leaf].putFloat(k * Float.BYTES, (float) value);
            case FLOAT64 -> buffers[leaf].putDouble(k * Double.BYTES, value);
            case INT64, INT32, INT16, UINT16, INT8, UINT8 -> set(leaf, k, (long) value);
        }
        return this;
    }

    @Override
    public View set(int leaf, MemorySegment from, long offset) {
        MemorySegment.ofBuffer(buffers[leaf])
                .copyFrom(from.asSlice(offset, leaves.get(leaf).bytes()));
        return this;
    }

    @Override
    public View allow(int k, boolean allowed) {
        mask[k] = allowed;
        return this;
    }

    @Override
    public View forbidAll() {
        Arrays.fill(mask, false);
        return this;
    }
}
