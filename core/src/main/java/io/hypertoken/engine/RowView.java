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
    /// Per agent, its own mask's flags; an agent of fewer than the widest has false ones behind them.
    private final int[] ownMaskSizes;
    /// Per agent, how many flags each dimension of its mask has.
    private final int[][] choices;
    private final boolean advisory;
    private boolean restricted;

    RowView(Batch batch, boolean advisory, Arena arena) {
        this.batch = batch;
        this.advisory = advisory;
        List<Leaf> leaves = batch.signature().observationLeaves();
        this.dtypes = leaves.stream().map(Leaf::dtype).toArray(DType[]::new);
        this.sizes = leaves.stream().mapToInt(Leaf::size).toArray();
        this.bytes = leaves.stream().mapToInt(Leaf::bytes).toArray();
        this.scratch = leaves.stream()
                .mapToLong(leaf ->
                        arena.allocate(leaf.bytes(), ColumnGroup.ALIGNMENT).address())
                .toArray();
        this.maskSize = batch.maskSize();
        this.ownMaskSizes = batch.signature().actionSpaces().stream()
                .mapToInt(space -> Math.min(space.maskSize(), maskSize))
                .toArray();
        this.choices = batch.signature().actionSpaces().stream()
                .map(ActionRules::choices)
                .toArray(int[][]::new);
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
        restricted = false;
    }

    /// Moves the scratch into the batch; an agent that cannot act gets an all-false mask, unless masks only
    /// advise.
    ///
    /// @throws IllegalStateException if an agent that is to act is allowed nothing; nothing has moved then
    void commit(int row, int agent, boolean acts) {
        if (acts && restricted) {
            requireChoice(agent);
        }
        long cell = (long) row * batch.agents() + agent;
        for (int leaf = 0; leaf < scratch.length; leaf++) {
            Memory.copy(scratch[leaf], batch.observations[leaf] + cell * bytes[leaf], bytes[leaf]);
        }
        if (acts || advisory) {
            int own = ownMaskSizes[agent];
            Memory.copy(maskScratch, batch.actionMask + cell * maskSize, own);
            Memory.fill(batch.actionMask + cell * maskSize + own, maskSize - own, (byte) 0);
        } else {
            hideMask(row, agent);
        }
    }

    /// Makes an agent's mask all false: it cannot act.
    void hideMask(int row, int agent) {
        long cell = (long) row * batch.agents() + agent;
        Memory.fill(batch.actionMask + cell * maskSize, maskSize, (byte) 0);
    }

    /// Every dimension of a mask needs a true flag; a Discrete space has one dimension.
    private void requireChoice(int agent) {
        int from = 0;
        for (int count : choices[agent]) {
            int k = 0;
            while (k < count && !Memory.getFlag(maskScratch + from + k)) {
                k++;
            }
            if (k == count) {
                throw new IllegalStateException("an environment allows no action to agent " + agent
                        + ", which is to act; its mask needs at least one true flag; end the episode or allow a pass");
            }
            from += count;
        }
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
        restricted |= !allowed;
        return this;
    }

    @Override
    public View forbidAll() {
        Memory.fill(maskScratch, maskSize, (byte) 0);
        restricted = maskSize > 0;
        return this;
    }
}
