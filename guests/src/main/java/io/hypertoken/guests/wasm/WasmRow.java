package io.hypertoken.guests.wasm;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.DType;
import org.jspecify.annotations.Nullable;

/// One row of a running module: takes what the module has written about it.
class WasmRow implements Environment {
    private static final int TERMINATED = 1;
    private static final int TRUNCATED = 2;
    private static final int MOST_DRAWN = 1 << 16;

    private final WasmRows group;
    private final WasmShape shape;
    private final int row;
    /// Where it lives; null before its first reset.
    @Nullable
    Columns home;

    private WasmRow(WasmRows group, int row) {
        this.group = group;
        this.shape = group.shape;
        this.row = row;
    }

    /// The class of the rows of a module, which tells how they are drawn.
    static Class<? extends WasmRow> classOf(WasmDescription description) {
        if (description.drawsFrames()) {
            return Pictured.class;
        }
        return description.drawsText() ? Drawn.class : WasmRow.class;
    }

    static WasmRow of(WasmRows group, int row) {
        if (group.shape.description.drawsFrames()) {
            return new Pictured(group, row);
        }
        return group.shape.description.drawsText() ? new Drawn(group, row) : new WasmRow(group, row);
    }

    @Override
    public void reset(Step step) {
        if (!group.take(row)) {
            group.resetAlone(row, step);
        }
        if (shape.takesTurns) {
            step.next(turn(home()));
        }
    }

    @Override
    public void step(Step step) {
        if (!group.take(row)) {
            group.stepAlone(row, step);
        }
        Columns from = home();
        Sandbox memory = from.sandbox;
        if (shape.agents == 1) {
            step.reward(0, finite(memory.getDouble(from.reward + 8 * row)));
            tellInfos(from, step, 0);
            end(step, 0, memory.getByte(from.end + row));
            return;
        }
        int first = row * shape.agents;
        for (int agent = 0; agent < shape.agents; agent++) {
            if (step.alive(agent)) {
                step.reward(agent, finite(memory.getDouble(from.reward + 8 * (first + agent))));
                tellInfos(from, step, agent);
                end(step, agent, memory.getByte(from.end + first + agent));
            }
        }
        if (shape.takesTurns && anyAlive(step)) {
            step.next(turn(from));
        }
    }

    private boolean anyAlive(Step step) {
        for (int agent = 0; agent < shape.agents; agent++) {
            if (step.alive(agent)) {
                return true;
            }
        }
        return false;
    }

    private void tellInfos(Columns from, Step step, int agent) {
        for (int k = 0; k < shape.infos; k++) {
            step.info(agent, k, from.sandbox.getDouble(from.infos[k] + 8 * (row * shape.agents + agent)));
        }
    }

    private void end(Step step, int agent, byte how) {
        switch (how) {
            case 0 -> {}
            case TERMINATED -> step.terminate(agent);
            case TRUNCATED -> step.truncate(agent);
            default ->
                throw new IllegalStateException("the module ended row " + row + " by " + how
                        + "; HT_TERMINATED is 1 and HT_TRUNCATED 2; write one of them, or 0");
        }
    }

    private double finite(double reward) {
        if (!Double.isFinite(reward)) {
            throw new IllegalStateException("the module gave row " + row + " the reward " + reward
                    + "; a reward is finite; mend its ht_step");
        }
        return reward;
    }

    private int turn(Columns from) {
        int turn = from.sandbox.getInt(from.turn + 4 * row);
        if (turn < 0 || turn >= shape.agents) {
            throw new IllegalStateException("the module gave the turn in row " + row + " to agent " + turn
                    + "; there are " + shape.agents + ", from 0; write who acts next to turn");
        }
        return turn;
    }

    final Columns home() {
        Columns found = home;
        if (found == null) {
            throw new IllegalStateException("row " + row + " was never reset; a step or a look comes after a reset");
        }
        return found;
    }

    @Override
    public void observe(int agent, View view) {
        Columns from = home();
        int cell = row * shape.agents + agent;
        for (int leaf = 0; leaf < shape.sizes.length; leaf++) {
            int size = shape.sizes[leaf];
            DType dtype = shape.dtypes[leaf];
            copy(from.sandbox, from.observations[leaf] + cell * size * dtype.bytes(), dtype, size, view, leaf);
        }
        if (shape.masked) {
            int at = from.mask + cell * shape.maskSize;
            for (int k = 0; k < shape.ownMaskSizes[agent]; k++) {
                if (from.sandbox.getByte(at + k) == 0) {
                    view.allow(k, false);
                }
            }
        }
    }

    private static void copy(Sandbox memory, int at, DType dtype, int size, View view, int leaf) {
        switch (dtype) {
            case FLOAT32 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, memory.getFloat(at + 4 * k));
                }
            }
            case FLOAT64 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, memory.getDouble(at + 8 * k));
                }
            }
            case INT64 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, memory.getLong(at + 8 * k));
                }
            }
            case INT32 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, (long) memory.getInt(at + 4 * k));
                }
            }
            case INT16, UINT16 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, (long) memory.getShort(at + 2 * k));
                }
            }
            case INT8, UINT8 -> {
                for (int k = 0; k < size; k++) {
                    view.set(leaf, k, (long) memory.getByte(at + k));
                }
            }
        }
    }

    /// One that is drawn as text.
    private static class Drawn extends WasmRow implements Renders {
        Drawn(WasmRows group, int row) {
            super(group, row);
        }

        @Override
        public String text(int agent) {
            return drawText(agent);
        }
    }

    /// One that is drawn as a picture, and maybe as text.
    private static final class Pictured extends Drawn {
        Pictured(WasmRows group, int row) {
            super(group, row);
        }

        @Override
        public Frame frame() {
            return drawFrame();
        }
    }

    final String drawText(int agent) {
        if (!shape.description.drawsText()) {
            return "it is drawn as a picture only\n";
        }
        Columns from = home();
        int address = group.draw(from, Export.HT_TEXT, row, agent);
        return from.sandbox.text(address, MOST_DRAWN, "the text of ht_text");
    }

    final Frame drawFrame() {
        Columns from = home();
        WasmDescription drawn = shape.description;
        int address = group.draw(from, Export.HT_FRAME, row);
        int bytes = 3 * drawn.frameWidth() * drawn.frameHeight();
        if (!from.sandbox.holds(Integer.toUnsignedLong(address), bytes)) {
            throw new LostModule("ht_frame() is " + Integer.toUnsignedLong(address) + ", and its picture does not lie"
                    + " inside its memory");
        }
        return new Frame(drawn.frameWidth(), drawn.frameHeight(), from.sandbox.bytes(address, bytes));
    }
}
