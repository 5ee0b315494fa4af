package io.hypertoken.engine;

import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Single elements of a column, read and written as doubles through its segment, which checks that it still lives.
final class Elements {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Elements() {}

    /// Element k of a leaf in cell `row * agents + agent`.
    static double get(MemorySegment column, Leaf leaf, long cell, int k) {
        long at = offset(leaf, cell, k);
        return switch (leaf.dtype()) {
            case FLOAT32 -> column.get(FLOAT, at);
            case FLOAT64 -> column.get(DOUBLE, at);
            case INT64 -> column.get(LONG, at);
            case INT32 -> column.get(INT, at);
            case INT16 -> column.get(SHORT, at);
            case UINT16 -> Short.toUnsignedInt(column.get(SHORT, at));
            case INT8 -> column.get(ValueLayout.JAVA_BYTE, at);
            case UINT8 -> Byte.toUnsignedInt(column.get(ValueLayout.JAVA_BYTE, at));
        };
    }

    /// Writes element k of a leaf in cell `row * agents + agent`; what the type does not hold is cut.
    static void put(MemorySegment column, Leaf leaf, long cell, int k, double value) {
        long at = offset(leaf, cell, k);
        switch (leaf.dtype()) {
            case FLOAT32 -> column.set(FLOAT, at, (float) value);
            case FLOAT64 -> column.set(DOUBLE, at, value);
            case INT64 -> column.set(LONG, at, (long) value);
            case INT32 -> column.set(INT, at, (int) (long) value);
            case INT16, UINT16 -> column.set(SHORT, at, (short) (long) value);
            case INT8, UINT8 -> column.set(ValueLayout.JAVA_BYTE, at, (byte) (long) value);
        }
    }

    private static long offset(Leaf leaf, long cell, int k) {
        DType dtype = leaf.dtype();
        return cell * leaf.bytes() + (long) Objects.checkIndex(k, leaf.size()) * dtype.bytes();
    }
}
