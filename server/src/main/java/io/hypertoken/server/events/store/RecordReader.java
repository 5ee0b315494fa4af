package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.LogLayout.LARGEST_RECORD;
import static io.hypertoken.server.events.store.LogLayout.LENGTH;
import static io.hypertoken.server.events.store.LogLayout.RECORD_HEADER;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// Goes through the records of a part of a segment, stepping over what is damaged. For one thread.
final class RecordReader {
    private static final int WINDOW = 64 << 10;

    private final FileChannel channel;
    private final long end;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    /// Where the window begins in the file.
    private long windowAt;

    private long leastSeq;
    private long position;
    private int length;
    private long skipped;

    /// @param position where a record begins
    /// @param end where the last record ends
    /// @param leastSeq the first record's number, if none is damaged
    RecordReader(FileChannel channel, long position, long end, long leastSeq) {
        this.channel = channel;
        this.end = end;
        this.leastSeq = leastSeq;
        this.position = position;
        this.windowAt = position;
        window.limit(0);
    }

    /// Goes to the next intact record, if there is one.
    boolean next() throws IOException {
        position += length;
        for (length = 0; position < end; position++, skipped++) {
            length = intactLength();
            if (length > 0) {
                leastSeq = seq() + 1;
                return true;
            }
        }
        return false;
    }

    /// Where this record begins.
    long position() {
        return position;
    }

    /// Where this record ends.
    long following() {
        return position + length;
    }

    long seq() {
        return window.getLong(at() + LogLayout.SEQ);
    }

    boolean endsAppend() {
        return Records.endsAppend(window, at());
    }

    LoggedEvent event() {
        return Records.event(window, at());
    }

    /// How many damaged bytes were stepped over up to here.
    long skipped() {
        return skipped;
    }

    private int at() {
        return (int) (position - windowAt);
    }

    private int intactLength() throws IOException {
        if (end - position < RECORD_HEADER) {
            return 0;
        }
        hold(RECORD_HEADER);
        int claimed = window.getInt(at() + LENGTH);
        // No more records fit in before the end: so most damage is told without adding up its bytes.
        long mostSeq = leastSeq + (end - position) / RECORD_HEADER;
        long seq = window.getLong(at() + LogLayout.SEQ);
        if (claimed < RECORD_HEADER
                || claimed > LARGEST_RECORD
                || claimed > end - position
                || seq < leastSeq
                || seq > mostSeq) {
            return 0;
        }
        hold(claimed);
        return Records.intactLength(window, at(), leastSeq, mostSeq);
    }

    /// Has so many bytes from the position on in the window.
    private void hold(int bytes) throws IOException {
        if (window.limit() - at() >= bytes) {
            return;
        }
        int room = Math.max(bytes, WINDOW);
        if (window.capacity() < room) {
            window = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
        }
        window.clear().limit((int) Math.min(window.capacity(), end - position));
        windowAt = position;
        while (window.hasRemaining()) {
            if (channel.read(window, windowAt + window.position()) < 0) {
                throw new IOException("a segment of the log is shorter than it was");
            }
        }
        window.flip();
    }
}
