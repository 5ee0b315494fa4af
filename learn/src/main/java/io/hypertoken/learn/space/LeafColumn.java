package io.hypertoken.learn.space;

import io.hypertoken.space.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One column of a batch as doubles-to-be: copied whole, then read by index.
///
/* Reading single elements of a memory segment costs a hundred times what an array's cost until the optimising compiler has
come round, and half of a short training would be spent so; a copy of the whole column is one instruction of the machine's
own. */
final class LeafColumn {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final DType dtype;
    private final int count;
    private final float[] floats;
    private final double[] doubles;
    private final long[] longs;
    private final int[] ints;
    private final short[] shorts;
    private final byte[] bytes;

    /// @param count elements in all rows
    LeafColumn(DType dtype, int count) {
        this.dtype = dtype;
        this.count = count;
        floats = new float[dtype == DType.FLOAT32 ? count : 0];
        doubles = new double[dtype == DType.FLOAT64 ? count : 0];
        longs = new long[dtype == DType.INT64 ? count : 0];
        ints = new int[dtype == DType.INT32 ? count : 0];
        shorts = new short[dtype == DType.INT16 || dtype == DType.UINT16 ? count : 0];
        bytes = new byte[dtype == DType.INT8 || dtype == DType.UINT8 ? count : 0];
    }

    /// Takes over what the column holds now.
    void load(MemorySegment column) {
        switch (dtype) {
            case FLOAT32 -> MemorySegment.copy(column, FLOAT, 0, floats, 0, count);
            case FLOAT64 -> MemorySegment.copy(column, DOUBLE, 0, doubles, 0, count);
            case INT64 -> MemorySegment.copy(column, LONG, 0, longs, 0, count);
            case INT32 -> MemorySegment.copy(column, INT, 0, ints, 0, count);
            case INT16, UINT16 -> MemorySegment.copy(column, SHORT, 0, shorts, 0, count);
            case INT8, UINT8 -> MemorySegment.copy(column, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        }
    }

    /// Writes everything into the column.
    void store(MemorySegment column) {
        switch (dtype) {
            case FLOAT32 -> MemorySegment.copy(floats, 0, column, FLOAT, 0, count);
            case FLOAT64 -> MemorySegment.copy(doubles, 0, column, DOUBLE, 0, count);
            case INT64 -> MemorySegment.copy(longs, 0, column, LONG, 0, count);
            case INT32 -> MemorySegment.copy(ints, 0, column, INT, 0, count);
            case INT16, UINT16 -> MemorySegment.copy(shorts, 0, column, SHORT, 0, count);
            case INT8, UINT8 -> MemorySegment.copy(bytes, 0, column, ValueLayout.JAVA_BYTE, 0, count);
        }
    }

    /// Writes elements as floats.
    void read(int from, float[] into, int at, int size) {
        switch (dtype) {
            case FLOAT32 -> System.arraycopy(floats, from, into, at, size);
            case FLOAT64 -> {
                for (int k = 0; k < size; k++) {
                    into[at + k] = (float) doubles[from + k];
                }
            }
            case INT8 -> {
                for (int k = 0; k < size; k++) {
                    into[at + k] = bytes[from + k];
                }
            }
            default -> {
                for (int k = 0; k < size; k++) {
                    into[at + k] = integer(from + k);
                }
            }
        }
    }

    /// An element as an integer.
    long integer(int k) {
        return switch (dtype) {
            case FLOAT32 -> (long) floats[k];
            case FLOAT64 -> (long) doubles[k];
            case INT64 -> longs[k];
            case INT32 -> ints[k];
            case INT16 -> shorts[k];
            case UINT16 -> Short.toUnsignedInt(shorts[k]);
            case INT8 -> bytes[k];
            case UINT8 -> Byte.toUnsignedInt(bytes[k]);
        };
    }

    /// Sets an element.
    void set(int k, float value) {
        switch (dtype) {
            case FLOAT32 -> floats[k] = value;
            case FLOAT64 -> doubles[k] = value;
            case INT64 -> longs[k] = (long) value;
            case INT32 -> ints[k] = (int) value;
            case INT16, UINT16 -> shorts[k] = (short) value;
            case INT8, UINT8 -> bytes[k] = (byte) value;
        }
    }
}
