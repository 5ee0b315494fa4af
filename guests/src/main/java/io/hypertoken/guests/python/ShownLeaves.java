package io.hypertoken.guests.python;

import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// An observation in words, where its environment draws none: a line a leaf.
final class ShownLeaves {
    private static final int MOST = 64;

    private ShownLeaves() {}

    /// @param columns where each leaf's column begins
    /// @param cell which cell of the columns
    static String text(List<Leaf> leaves, MemorySegment memory, long[] columns, long cell) {
        var text = new StringBuilder();
        for (int leaf = 0; leaf < columns.length; leaf++) {
            Leaf shape = leaves.get(leaf);
            text.append(leaf == 0 ? "" : "\n")
                    .append(shape.name())
                    .append(shape.name().isEmpty() ? "" : ":");
            long at = columns[leaf] + cell * shape.bytes();
            for (int k = 0; k < Math.min(MOST, shape.size()); k++) {
                text.append(k == 0 && shape.name().isEmpty() ? "" : " ")
                        .append(number(
                                memory,
                                shape.dtype(),
                                at + (long) k * shape.dtype().bytes()));
            }
            if (shape.size() > MOST) {
                text.append(" … ").append(shape.size()).append(" in all");
            }
        }
        return text.toString();
    }

    private static String number(MemorySegment memory, DType dtype, long at) {
        return switch (dtype) {
            case FLOAT32 -> Float.toString(memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
            case FLOAT64 -> Double.toString(memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
            case INT64 -> Long.toString(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
            case INT32 -> Integer.toString(memory.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            case INT16 -> Integer.toString(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case UINT16 -> Integer.toString(Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
            case INT8 -> Integer.toString(memory.get(ValueLayout.JAVA_BYTE, at));
            case UINT8 -> Integer.toString(Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, at)));
        };
    }
}
