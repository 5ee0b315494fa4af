package io.hypertoken.guests.wasm;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
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
    /// Whether the agents have masks, and how many flags each one's column and its own mask have.
    final boolean masked;

    final int maskSize;
    final int[] ownMaskSizes;
    final DType[] dtypes;
    final int[] sizes;
    final int infos;

    WasmShape(Spec spec, WasmDescription description) {
        this.spec = spec;
        this.description = description;
        this.signature = spec.signature(spec.options(Map.of()));
        this.agents = signature.agents().size();
        this.takesTurns = agents > 1 && spec.turnOrder() == TurnOrder.SEQUENTIAL;
        this.maskSize = spec.maskMeaning() == MaskMeaning.NONE ? 0 : signature.maskSize();
        this.masked = maskSize > 0;
        this.ownMaskSizes = signature.actionSpaces().stream()
                .mapToInt(space -> space.maskSize())
                .toArray();
        List<Leaf> leaves = signature.observationLeaves();
        this.dtypes = leaves.stream().map(Leaf::dtype).toArray(DType[]::new);
        this.sizes = leaves.stream().mapToInt(Leaf::size).toArray();
        this.infos = spec.infoNumbers().size();
    }

    /// Writes an agent's action, which a step tells, to its place among all rows'.
    void putActions(byte[][] columns, int row, int agent, Step step) {
        List<Leaf> leaves = signature.actionLeaves();
        for (int leaf = 0; leaf < columns.length; leaf++) {
            Leaf shape = leaves.get(leaf);
            ByteBuffer bytes = ByteBuffer.wrap(columns[leaf]).order(ByteOrder.LITTLE_ENDIAN);
            bytes.position((row * agents + agent) * shape.bytes());
            for (int k = 0; k < shape.size(); k++) {
                put(bytes, shape.dtype(), step.value(agent, leaf, k));
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
