package io.hypertoken.guests.wasm;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/// The sizes of a module's columns, which no option changes.
final class WasmShape {
    final Spec spec;
    final WasmDescription description;
    final Signature signature;
    final int agents;
    final boolean takesTurns;
    /// How many flags an agent's masks have in their column; 0 without masks.
    final int maskSize;
    /// How many of them are each agent's own.
    final int[] ownMaskSizes;
    /// The bytes of each leaf of an observation.
    final int[] observationBytes;

    final int infos;

    WasmShape(Spec spec, WasmDescription description) {
        this.spec = spec;
        this.description = description;
        this.signature = spec.signature(spec.options(Map.of()));
        this.agents = signature.agents().size();
        this.takesTurns = agents > 1 && spec.turnOrder() == TurnOrder.SEQUENTIAL;
        this.maskSize = spec.maskMeaning() == MaskMeaning.NONE ? 0 : signature.maskSize();
        this.ownMaskSizes =
                signature.actionSpaces().stream().mapToInt(Space::maskSize).toArray();
        this.observationBytes =
                signature.observationLeaves().stream().mapToInt(Leaf::bytes).toArray();
        this.infos = spec.infoNumbers().size();
    }

    /// Writes an agent's action, which a step tells, to its place in the columns.
    void putActions(MemorySegment[] columns, int row, int agent, Step step) {
        List<Leaf> leaves = signature.actionLeaves();
        for (int leaf = 0; leaf < columns.length; leaf++) {
            Leaf of = leaves.get(leaf);
            ByteBuffer bytes = columns[leaf]
                    .asSlice((long) (row * agents + agent) * of.bytes(), of.bytes())
                    .asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int k = 0; k < of.size(); k++) {
                put(bytes, of.dtype(), step.value(agent, leaf, k));
            }
        }
    }

    private static void put(ByteBuffer bytes, DType dtype, double value) {
        switch (dtype) {
            case INT8, UINT8 -> bytes.put((byte) (long) value);
            case INT16, UINT16 -> bytes.putShort((short) (long) value);
            case INT32 -> bytes.putInt((int) value);
            case INT64 -> bytes.putLong((long) value);
            case FLOAT32 -> bytes.putFloat((float) value);
            case FLOAT64 -> bytes.putDouble(value);
        }
    }
}
