package io.hypertoken.guests.wasm;

import io.hypertoken.env.View;
import io.hypertoken.space.Leaf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What a module has written of its rows, copied out of its memory: it stays when the module is lost.
final class Answers implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final WasmShape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] observations;
    private final byte[] masks;
    private final double[][] infos;
    private final double[] rewards;
    private final byte[] ends;
    private final int[] turns;

    Answers(WasmShape shape, int rows) {
        this.shape = shape;
        int cells = Math.multiplyExact(rows, shape.agents);
        this.observations = new MemorySegment[shape.observationBytes.length];
        Arrays.setAll(observations, leaf -> arena.allocate((long) cells * shape.observationBytes[leaf], ALIGNMENT));
        this.masks = new byte[Math.multiplyExact(cells, shape.maskSize)];
        this.infos = new double[shape.infos][cells];
        this.rewards = new double[cells];
        this.ends = new byte[cells];
        this.turns = new int[shape.takesTurns ? rows : 0];
    }

    /// Room for a column of actions.
    MemorySegment columnOf(Leaf leaf, int rows) {
        return arena.allocate((long) rows * shape.agents * leaf.bytes(), ALIGNMENT);
    }

    /// Takes what a step wrote of all rows.
    void takeStep(Columns from) {
        MemorySegment memory = from.sandbox.memory();
        MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, from.reward, rewards, 0, rewards.length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from.end, ends, 0, ends.length);
        for (int k = 0; k < infos.length; k++) {
            MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, from.infos[k], infos[k], 0, rewards.length);
        }
        take(from, 0, rewards.length / shape.agents);
    }

    /// Takes what a reset wrote of a row.
    void takeReset(Columns from, int row) {
        take(from, row, 1);
    }

    private void take(Columns from, int first, int rows) {
        MemorySegment memory = from.sandbox.memory();
        int cell = first * shape.agents;
        int cells = rows * shape.agents;
        for (int leaf = 0; leaf < observations.length; leaf++) {
            int each = shape.observationBytes[leaf];
            long at = (long) cell * each;
            MemorySegment.copy(memory, from.observations[leaf] + at, observations[leaf], at, (long) cells * each);
        }
        if (shape.maskSize > 0) {
            int at = cell * shape.maskSize;
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from.mask + at, masks, at, cells * shape.maskSize);
        }
        if (shape.takesTurns) {
            MemorySegment.copy(memory, ValueLayout.JAVA_INT_UNALIGNED, from.turn + 4L * first, turns, first, rows);
        }
    }

    double reward(int cell) {
        return rewards[cell];
    }

    byte end(int cell) {
        return ends[cell];
    }

    double info(int k, int cell) {
        return infos[k][cell];
    }

    int turn(int row) {
        return turns[row];
    }

    /// Shows an agent of a row.
    void show(int row, int agent, View view) {
        int cell = row * shape.agents + agent;
        for (int leaf = 0; leaf < observations.length; leaf++) {
            view.set(leaf, observations[leaf], (long) cell * shape.observationBytes[leaf]);
        }
        if (shape.maskSize > 0) {
            int at = cell * shape.maskSize;
            for (int k = 0; k < shape.ownMaskSizes[agent]; k++) {
                if (masks[at + k] == 0) {
                    view.allow(k, false);
                }
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
