package io.hypertoken.learn.run;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A file of curves that TensorBoard shows.
///
/// ```text
/// record: length u64 | masked crc32c of the length u32 | the event | masked crc32c of the event u32
/// event (protobuf): 1 wall time f64, 2 step i64, 3 "brain.Event:2" (the first one) or 5 summary
/// summary: 1 value, each: 1 tag, 2 number f32
/// ```
///
/// Scalars need so little of protobuf that it is written here: `tensorflow/core/util/event.proto` and
/// `framework/summary.proto`; records as `lib/io/record_writer.cc` has them.
final class EventFile implements AutoCloseable {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int MASK_DELTA = 0xa282ead8;

    private final OutputStream out;
    private final Path file;

    /// A new file in a folder.
    EventFile(Path folder, long unixMillis) {
        file = folder.resolve("events.out.tfevents." + unixMillis / 1000 + ".hypertoken");
        try {
            out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 14);
        } catch (IOException e) {
            throw refused(e);
        }
        var event = new Message();
        event.number(1, unixMillis / 1000.0);
        event.text(3, "brain.Event:2");
        write(event.bytes());
    }

    /// Adds a point to a curve.
    void add(String tag, long step, double value, long unixMillis) {
        var point = new Message();
        point.text(1, tag);
        point.number(2, (float) value);
        var summary = new Message();
        summary.bytes(1, point.bytes());
        var event = new Message();
        event.number(1, unixMillis / 1000.0);
        event.integer(2, step);
        event.bytes(5, summary.bytes());
        write(event.bytes());
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private void write(byte[] event) {
        ByteBuffer record = ByteBuffer.allocate(16 + event.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(masked(record.array(), 0, 8));
        record.put(event);
        record.putInt(masked(event, 0, event.length));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private static int masked(byte[] bytes, int from, int count) {
        var crc = new CRC32C();
        crc.update(bytes, from, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private HyperTokenException refused(IOException e) {
        return new HyperTokenException(
                UNAVAILABLE, "cannot write " + file, Shown.failure(e), "see that the disk has room", e);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /// A protobuf message under way.
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void number(int field, double value) {
            varint((long) field << 3 | FIXED_64);
            bytes.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
        }

        void number(int field, float value) {
            varint((long) field << 3 | FIXED_32);
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
        }

        void integer(int field, long value) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }

        void text(int field, String text) {
            bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(int field, byte[] content) {
            varint((long) field << 3 | BYTES);
            varint(content.length);
            bytes.writeBytes(content);
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                bytes.write((int) (left & 0x7F | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
