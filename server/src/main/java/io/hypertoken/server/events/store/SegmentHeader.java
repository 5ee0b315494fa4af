package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.LogLayout.EPOCH;
import static io.hypertoken.server.events.store.LogLayout.FIRST_SEQ;
import static io.hypertoken.server.events.store.LogLayout.HEADER;
import static io.hypertoken.server.events.store.LogLayout.HEADER_CRC;
import static io.hypertoken.server.events.store.LogLayout.MAGIC;
import static io.hypertoken.server.events.store.LogLayout.STORED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What a segment says of itself at its beginning.
///
/// @param firstSeq the number that its first event has or will have
/// @param noneBeforeIsYounger when the newest event before it was stored, in ms since 1970
/// @param epoch the log's name while it was written
record SegmentHeader(long firstSeq, long noneBeforeIsYounger, long epoch) {
    void write(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC)
                .putLong(firstSeq)
                .putLong(noneBeforeIsYounger)
                .putLong(epoch)
                .putInt(crc(bytes));
        bytes.clear();
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    /// The header of a file; null if it has none that is intact.
    static @Nullable SegmentHeader read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, bytes.position()) < 0) {
                return null;
            }
        }
        if (bytes.getLong(0) != MAGIC || bytes.getInt(HEADER_CRC) != crc(bytes)) {
            return null;
        }
        return new SegmentHeader(bytes.getLong(FIRST_SEQ), bytes.getLong(STORED), bytes.getLong(EPOCH));
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.array(), 0, HEADER_CRC);
        return (int) crc.getValue();
    }
}
