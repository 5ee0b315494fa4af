package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.LogLayout.HEADER;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Appends to one segment, all of an append or none. For its owner's thread.
final class SegmentWriter {
    private static final int BUFFER = 1 << 20;

    private final Segment segment;
    private final ByteBuffer buffer;
    private volatile FileChannel channel;
    /// Whether the file may be longer than the segment: the rest of an append that failed.
    private boolean dirty;

    private SegmentWriter(Segment segment, FileChannel channel, ByteBuffer buffer) {
        this.segment = segment;
        this.channel = channel;
        this.buffer = buffer;
    }

    /// Goes on with a segment.
    static SegmentWriter of(Segment segment) throws IOException {
        FileChannel channel = open(segment.file());
        return new SegmentWriter(
                segment, channel, ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN));
    }

    /// Begins the next segment. When that fails there is no trace of it, and this one goes on.
    SegmentWriter following(Path folder, SegmentHeader header) throws IOException {
        Segment next = begin(folder, header);
        try {
            return new SegmentWriter(next, open(next.file()), buffer);
        } catch (IOException e) {
            next.drop();
            throw e;
        }
    }

    /// Makes an empty segment.
    static Segment begin(Path folder, SegmentHeader header) throws IOException {
        Path file = folder.resolve(LogLayout.fileName(header.firstSeq()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            header.write(channel);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Segment(file, header, HEADER);
    }

    Segment segment() {
        return segment;
    }

    /// Where its bytes go; forced and closed by whoever forces.
    FileChannel channel() {
        return channel;
    }

    /// Writes events under the numbers from `firstSeq` on.
    ///
    /// @param forced whether they must be on the disk, too, before this returns
    /// @return how many bytes they took
    /// @throws IOException nothing of them is in the segment
    long append(long firstSeq, List<NewEvent> events, boolean forced) throws IOException {
        List<Records.Prepared> prepared = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            prepared.add(Records.prepare(event));
        }
        mend();
        dirty = true;
        long end;
        try {
            end = write(firstSeq, prepared);
            if (forced) {
                channel.force(false);
            }
        } catch (IOException e) {
            buffer.clear();
            takeBack(e);
            throw e;
        }
        dirty = false;
        long taken = end - segment.size();
        segment.grew(firstSeq, end);
        return taken;
    }

    private long write(long firstSeq, List<Records.Prepared> records) throws IOException {
        ByteBuffer into = buffer;
        long at = segment.size();
        for (int k = 0; k < records.size(); k++) {
            Records.Prepared record = records.get(k);
            if (into.remaining() < record.length()) {
                at = flush(into, at);
            }
            if (into.remaining() < record.length()) {
                into = ByteBuffer.allocate(record.length()).order(ByteOrder.LITTLE_ENDIAN);
            }
            record.put(into, firstSeq + k, k == records.size() - 1);
            if (into != buffer) {
                at = flush(into, at);
                into = buffer;
            }
        }
        return flush(into, at);
    }

    private long flush(ByteBuffer bytes, long at) throws IOException {
        long end = at;
        bytes.flip();
        while (bytes.hasRemaining()) {
            end += channel.write(bytes, end);
        }
        bytes.clear();
        return end;
    }

    private void takeBack(IOException cause) {
        try {
            mend();
        } catch (IOException e) {
            cause.addSuppressed(e); // the next append tries it again, before it writes
        }
    }

    /// Makes the file end where the segment does. Interrupting the thread has closed the channel.
    private void mend() throws IOException {
        if (!channel.isOpen()) {
            channel = open(segment.file());
        }
        if (dirty) {
            channel.truncate(segment.size());
            dirty = false;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }
}
