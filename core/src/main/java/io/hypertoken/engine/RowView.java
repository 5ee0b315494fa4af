package io.hypertoken.engine;

import io.hypertoken.env.View;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;

/// The engine's view: writes into scratch memory, and into the batch only when the environment is done.
///
/* The scratch keeps the last good observation whole when `observe` throws half-way. */
final class RowView extends View {
    private final Batch batch;
    private final DType[] dtypes;
    private final int[] sizes;
    private final int[] bytes;
    private final long[] scratch;
    private final long maskScratch;
    private final int maskSize;

    RowView(Batch batch, Arena arena) {
        this.batch = batch;
        List<Leaf> leaves = batch.signature().observationLeaves();
        this.dtypes = leaves.stream().map(Leaf::dtype).toArray(DType[]::new);
        this.sizes = leaves.stream().mapToInt(Leaf::size).toArray();
        this.bytes = leaves.stream().mapToInt(Leaf::bytes).toArray();
        this.scratch = leaves.stream()
                .mapToLong(leaf ->
                        arena.allocate(leaf.bytes(), ColumnGroup.ALIGNMENT).address())
                .toArray();
        this.maskSize = batch.maskSize();
        this.maskScratch =
                arena.allocate(Math.max(1, maskSize), ColumnGroup.ALIGNMENT).address();
    }

    /// Makes the scratch blank: zeros, and every action allowed.
    void blank() {
        for (int leaf = 0; leaf < scratch.length; leaf++) {
            Memory.fill(scratch[leaf], bytes[leaf], (byte) 0);
        }
        if (maskSize > 0) {
            Memory.fill(maskScratch, maskSize, (byte) 1);
        }
    }

    /// Moves the scratch into the batch; an agent that cannot act gets an all-false mask.
    void commit(int row, int agent, boolean acts) {
        long cell = (long) row * batch.agents() + agent;
        for (int leaf = 0; leaf < scratch.length; leaf++) {
            Memory.copy(scratch[leaf], batch.observations[leaf] + cell * bytes[leaf], bytes[leaf]);
        }
        if (acts) {
            Memory.copy(maskScratch, batch.actionMask + cell * maskSize, maskSize);
        } else {
            hideMask(row, agent);
        }
    }

    /// Makes an agent's mask all false: it cannot act.
    void hideMask(int row, int agent) {
        long cell = (long) row * batch.agents() + agent;
        Memory.fill(batch.actionMask + cell * maskSize, maskSize, (byte) 0);
    }

    @Override
    public View set(int leaf, int k, long value) {
        Objects.checkIndex(k, sizes[leaf]);
        Memory.putInteger(dtypes[leaf], scratch[leaf], k, value);
        return this;
    }

    @Override
    public View set(int leaf, int k, double value) {
        Objects.checkIndex(k, sizes[leaf]);
        Memory.putNumber(dtypes[leaf], scratch[leaf], k, value);
        return this;
    }

    @Override
    public View allow(int k, boolean allowed) {
        Memory.putFlag(maskScratch + Objects.checkIndex(k, maskSize), allowed);
        return this;
    }

    @Override
    public View forbidAll() {
        Memory.fill(maskScratch, maskSize, (byte) 0);
        return this;
    }
}
