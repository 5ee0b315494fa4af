package io.hypertoken.record;

import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes one record after another into the same growing array.
final class RecordWriter {
    private static final int CANONICAL_FLOAT_NAN = 0x7fc00000;
    private static final long CANONICAL_DOUBLE_NAN = 0x7ff8000000000000L;

    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    byte[] bytes() {
        return buffer.array();
    }

    int length() {
        return buffer.position();
    }

    void begin(byte kind) {
        buffer.clear();
        putByte(kind);
    }

    void putByte(byte value) {
        room(1).put(value);
    }

    void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    void putDouble(double value) {
        room(Double.BYTES).putLong(Double.isNaN(value) ? CANONICAL_DOUBLE_NAN : Double.doubleToRawLongBits(value));
    }

    /// Copies flags or other bytes as they are.
    void putBytes(MemorySegment from, long offset, int count) {
        int at = length();
        room(count).position(at + count);
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, buffer.array(), at, count);
    }

    /// Copies one cell of a leaf's column, making every NaN the canonical one.
    void putLeaf(Leaf leaf, MemorySegment from, long offset) {
        int at = length();
        putBytes(from, offset, leaf.bytes());
        switch (leaf.dtype()) {
            case FLOAT32 -> canonicalFloats(at);
            case FLOAT64 -> canonicalDoubles(at);
            case INT8, UINT8, INT16, UINT16, INT32, INT64 -> {}
        }
    }

    private void canonicalFloats(int from) {
        for (int at = from; at < length(); at += Float.BYTES) {
            if (Float.isNaN(buffer.getFloat(at))) {
                buffer.putInt(at, CANONICAL_FLOAT_NAN);
            }
        }
    }

    private void canonicalDoubles(int from) {
        for (int at = from; at < length(); at += Double.BYTES) {
            if (Double.isNaN(buffer.getDouble(at))) {
                buffer.putLong(at, CANONICAL_DOUBLE_NAN);
            }
        }
    }

    private ByteBuffer room(int count) {
        if (buffer.remaining() < count) {
            int at = length();
            byte[] larger = Arrays.copyOf(buffer.array(), Math.max(2 * buffer.capacity(), at + count));
            buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(at);
        }
        return buffer;
    }
}
