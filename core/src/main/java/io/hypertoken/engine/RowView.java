package io.hypertoken.engine;

import io.hypertoken.env.View;
import io.hypertoken.space.DType;
import io.hypertoken.space.Space;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The engine's view: a cursor that stands on one agent's cells of the batch and writes there.
///
/* What the cells held is kept aside until the environment is done, so that the last good observation can be put back
when `observe` throws half-way. The other way round, writing aside and copying into the batch, makes the copy's wide
loads wait for the narrow stores before them. */
final class RowView extends PaddedView {
    private final Batch batch;
    private final DType[] dtypes;
    private final int[] sizes;
    private final int[] bytes;
    private final long[] backup;
    private final long maskBackup;
    private final int maskSize;
    /// Per agent, its own mask's flags; an agent of fewer than the widest has false ones behind them.
    private final int[] ownMaskSizes;
    /// Per agent, how many flags each dimension of its mask has.
    private final int[][] choices;
    private final boolean advisory;

    private final long[] cells;
    private long mask;
    private int agent;
    private boolean restricted;
    private boolean open;

    /// Leaf 0 again, in fields of their own: most observations have no other.
    private final DType firstType;
    private final int firstSize;
    private long firstCell;

    RowView(Batch batch, boolean advisory, Arena arena) {
        this.batch = batch;
        this.advisory = advisory;
        var leaves = new LeafSizes(batch.signature().observationLeaves());
        this.dtypes = leaves.dtypes;
        this.sizes = leaves.sizes;
        this.bytes = leaves.bytes;
        this.backup = new long[bytes.length];
        Arrays.setAll(
                backup,
                leaf -> arena.allocate(bytes[leaf], ColumnGroup.ALIGNMENT).address());
        this.cells = new long[bytes.length + PaddedStep.PADDING / Long.BYTES];
        this.firstType = dtypes[0];
        this.firstSize = sizes[0];
        this.maskSize = batch.maskSize();
        List<Space> spaces = batch.signature().actionSpaces();
        this.ownMaskSizes = new int[spaces.size()];
        this.choices = new int[spaces.size()][];
        for (int who = 0; who < choices.length; who++) {
            ownMaskSizes[who] = Math.min(spaces.get(who).maskSize(), maskSize);
            choices[who] = ActionRules.choices(spaces.get(who));
        }
        this.maskBackup =
                arena.allocate(Math.max(1, maskSize), ColumnGroup.ALIGNMENT).address();
    }

    /// Stands on an agent's cells and makes them blank: zeros, and every action allowed.
    void open(int row, int newAgent) {
        long cell = (long) row * batch.agents() + newAgent;
        for (int leaf = 0; leaf < bytes.length; leaf++) {
            long at = batch.observations[leaf] + cell * bytes[leaf];
            cells[leaf] = at;
            Memory.copy(at, backup[leaf], bytes[leaf]);
            Memory.fill(at, bytes[leaf], (byte) 0);
        }
        firstCell = cells[0];
        agent = newAgent;
        open = true;
        restricted = false;
        if (maskSize > 0) {
            int own = ownMaskSizes[newAgent];
            mask = batch.actionMask + cell * maskSize;
            Memory.copy(mask, maskBackup, maskSize);
            Memory.fill(mask, own, (byte) 1);
            Memory.fill(mask + own, maskSize - own, (byte) 0);
        }
    }

    /// Says that the environment is done; an agent that cannot act gets an all-false mask, unless masks only advise.
    ///
    /// @throws IllegalStateException if an agent that is to act is allowed nothing
    void commit(boolean acts) {
        if (acts && restricted) {
            requireChoice();
        }
        if (!acts && !advisory) {
            Memory.fill(mask, maskSize, (byte) 0);
        }
        open = false;
    }

    /// Puts back what the cells held, if the environment did not get done with them.
    void abandon() {
        if (!open) {
            return;
        }
        for (int leaf = 0; leaf < bytes.length; leaf++) {
            Memory.copy(backup[leaf], cells[leaf], bytes[leaf]);
        }
        Memory.copy(maskBackup, mask, maskSize);
        open = false;
    }

    /// Makes an agent's mask all false: it cannot act.
    void hideMask(int row, int hidden) {
        long cell = (long) row * batch.agents() + hidden;
        Memory.fill(batch.actionMask + cell * maskSize, maskSize, (byte) 0);
    }

    /// Every dimension of a mask needs a true flag; a Discrete space has one dimension.
    private void requireChoice() {
        int from = 0;
        for (int count : choices[agent]) {
            if (!Memory.anySet(mask + from, count)) {
                throw new IllegalStateException("an environment allows no action to agent " + agent
                        + ", which is to act; its mask needs at least one true flag; end the episode or allow a pass");
            }
            from += count;
        }
    }

    @Override
    public View set(int leaf, int k, long value) {
        if (leaf == 0) {
            Memory.putInteger(firstType, firstCell, Objects.checkIndex(k, firstSize), value);
        } else {
            Memory.putInteger(dtypes[leaf], cells[leaf], Objects.checkIndex(k, sizes[leaf]), value);
        }
        return this;
    }

    @Override
    public View set(int leaf, int k, double value) {
        if (leaf == 0) {
            Memory.putNumber(firstType, firstCell, Objects.checkIndex(k, firstSize), value);
        } else {
            Memory.putNumber(dtypes[leaf], cells[leaf], Objects.checkIndex(k, sizes[leaf]), value);
        }
        return this;
    }

    @Override
    public View setBits(int k, int count, long bits) {
        if (firstType.bytes() > 1 || count > Long.SIZE) {
            return super.setBits(k, count, bits);
        }
        Memory.putBits(firstCell + Objects.checkFromIndexSize(k, count, firstSize), count, bits);
        return this;
    }

    @Override
    public View allow(int k, boolean allowed) {
        Memory.putFlag(mask + Objects.checkIndex(k, maskSize), allowed);
        restricted |= !allowed;
        return this;
    }

    @Override
    public View set(int leaf, int k, float[] values, int from, int count) {
        if (dtypes[leaf] != DType.FLOAT32) {
            return super.set(leaf, k, values, from, count);
        }
        Objects.checkFromIndexSize(from, count, values.length);
        Memory.copy(values, from, cells[leaf] + 4L * Objects.checkFromIndexSize(k, count, sizes[leaf]), count);
        return this;
    }

    @Override
    public View set(int leaf, MemorySegment from, long offset) {
        Memory.copy(from, offset, cells[leaf], bytes[leaf]);
        return this;
    }

    @Override
    public View allow(int from, int count, long bits) {
        if (count > Long.SIZE) {
            return super.allow(from, count, bits);
        }
        Memory.putBits(mask + Objects.checkFromIndexSize(from, count, maskSize), count, bits);
        restricted = true;
        return this;
    }

    @Override
    public View forbidAll() {
        Memory.fill(mask, maskSize, (byte) 0);
        restricted = maskSize > 0;
        return this;
    }
}
