package io.hypertoken.learn.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// One message of Protocol Buffers that is being written: fields by number, in the order in which they are added.
///
/// As much of the encoding as ONNX needs: variable-length integers (wire type 0) and what has a length (wire type 2).
/// Source: Protocol Buffers' page "Encoding".
final class Protobuf {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int BITS = 7;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Adds an integer.
    Protobuf integer(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /// Adds text.
    Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Adds a message.
    Protobuf message(int field, Protobuf value) {
        return bytes(field, value.toBytes());
    }

    /// Adds bytes.
    Protobuf bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    /// What has been written.
    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private void varint(long value) {
        long left = value;
        while (left >>> BITS != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= BITS;
        }
        bytes.write((int) left);
    }
}
