package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.LogLayout.HEADER;
import static io.hypertoken.server.events.store.LogLayout.RECORD_HEADER;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One file of the log, as readers see it: on any thread, while its owner appends to it or drops it.
final class Segment {
    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
    private static final long INDEX_EVERY = 64 << 10;

    /// What was found at the end of the last segment at start.
    ///
    /// @param lastSeq of the last append that is whole
    /// @param lost whether something behind it was damaged that had been written as a whole
    record Tail(long lastSeq, boolean lost) {}

    private final Path file;
    private final SegmentHeader header;
    /// Where some events begin, by number: whoever goes through the records adds to it.
    private final ConcurrentSkipListMap<Long, Long> index = new ConcurrentSkipListMap<>();

    private volatile long size;
    private volatile boolean dropped;
    private volatile boolean toldOfDamage;
    private @Nullable FileChannel channel;

    /// @param size up to the end of its last whole record
    Segment(Path file, SegmentHeader header, long size) {
        this.file = file;
        this.header = header;
        this.size = size;
        index.put(header.firstSeq(), (long) HEADER);
    }

    Path file() {
        return file;
    }

    SegmentHeader header() {
        return header;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size <= HEADER;
    }

    boolean isDropped() {
        return dropped;
    }

    /// Its owner has written whole records up to a place; the first of them begins at the former end.
    void grew(long firstSeq, long newSize) {
        note(firstSeq, size);
        size = newSize;
    }

    /// Collects events from a number on.
    ///
    /// @throws ClosedChannelException the segment was dropped meanwhile
    void read(long from, Answer answer) throws IOException {
        if (isEmpty()) {
            return;
        }
        long end = size;
        Map.Entry<Long, Long> start = index.floorEntry(Math.max(from, header.firstSeq()));
        var records = new RecordReader(channel(), start.getValue(), end, start.getKey());
        boolean more = true;
        while (more && records.next()) {
            note(records.seq(), records.position());
            more = records.seq() < from || answer.add(records.event());
        }
        tell(records.skipped());
    }

    /// Reads all of it, after a start, and cuts off what the last append did not finish.
    Tail recover() throws IOException {
        long lastSeq = header.firstSeq() - 1;
        long whole = HEADER;
        var records = new RecordReader(channel(), HEADER, size, header.firstSeq());
        long damagedBefore = 0;
        while (records.next()) {
            note(records.seq(), records.position());
            if (records.endsAppend()) {
                lastSeq = records.seq();
                whole = records.following();
                damagedBefore = records.skipped();
            }
        }
        tell(damagedBefore);
        boolean lost = whole < size && !isTorn(whole, lastSeq + 1);
        if (whole < size) {
            LOG.warn("cut {} bytes of an append that was not finished from the end of {}", size - whole, file);
            cut(whole);
        }
        return new Tail(lastSeq, lost);
    }

    /// Whether what lies behind the last whole append is the beginning of another: whole records, and then one that
    /// breaks off at the end of the file. That is what the death of a process leaves; all else is damage.
    private boolean isTorn(long from, long seq) throws IOException {
        var records = new RecordReader(channel(), from, size, seq);
        long at = from;
        while (records.next() && records.skipped() == 0) {
            at = records.following();
        }
        if (size - at < RECORD_HEADER) {
            return true;
        }
        var length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel().read(length, at);
        return length.getInt(0) > size - at;
    }

    private void cut(long whole) throws IOException {
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writer.truncate(whole);
        }
        size = whole;
    }

    /// Deletes it; whoever is reading it is told by a [ClosedChannelException].
    void drop() {
        dropped = true;
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", file, e.toString());
        }
    }

    synchronized void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing {}", file, e); // it was only read
            }
            channel = null;
        }
    }

    /// Interrupting a reader closes its channel: the next one opens it again.
    private synchronized FileChannel channel() throws IOException {
        if (dropped) {
            throw new ClosedChannelException();
        }
        if (channel == null || !channel.isOpen()) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
        return channel;
    }

    private void note(long seq, long at) {
        Map.Entry<Long, Long> before = index.floorEntry(seq);
        if (before == null || at - before.getValue() >= INDEX_EVERY) {
            index.put(seq, at);
        }
    }

    private void tell(long skipped) {
        if (skipped > 0 && !toldOfDamage) {
            toldOfDamage = true;
            LOG.error("{} bytes of {} are damaged: the events in them are left out", skipped, file);
        }
    }
}
