package io.hypertoken.server.events.store;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in a folder of its own: see [LogLayout] for its files.
///
/// What was appended outlives this process at once, and the machine after [FileStoreSettings#fsync].
public final class FileStore implements EventStore {
    /*
     * One thread appends, under this object's lock; the sync thread takes the lock about once a second to drop what is
     * too old. Readers take no lock: they see the list of segments and each segment's size as they were published,
     * always at the end of an append, and one whose segment is dropped under its hands starts again behind it.
     *
     * What a dead process leaves is the beginning of one append at the end of the last segment. It was never told to
     * anybody, so it is cut off and its numbers are given out again. Where more than that may be lost (the machine died
     * before it was forced, or the end is damaged) some clients may know events by numbers that will now mean others:
     * so the log gets a new epoch, which makes them ask for a fresh start.
     */
    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    /// An active segment this share of the greatest age is ended, so that it can be dropped in time.
    private static final int SHARE_OF_AGE = 8;

    private final FileStoreSettings settings;
    private final InstantSource clock;
    private final FolderLock lock;
    private final GroupCommit sync;
    private final long epoch;
    private final boolean forced;

    private volatile List<Segment> segments;
    private volatile long lastSeq;
    private volatile boolean closed;
    private SegmentWriter writer;
    /// When the newest event was stored, in ms since 1970.
    private long lastStored;
    private Consumer<List<LoggedEvent>> follower = events -> {};

    private FileStore(FileStoreSettings settings, InstantSource clock, FolderLock lock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.lock = lock;
        this.forced = FsyncPolicy.ALWAYS.equals(settings.fsync());
        var found = new ArrayList<>(SegmentFiles.in(settings.folder()));
        Segment.Tail tail =
                found.isEmpty() ? new Segment.Tail(0, true) : found.getLast().recover();
        this.lastStored = found.isEmpty() ? clock.millis() : SegmentFiles.lastWritten(found.getLast());
        boolean lost = tail.lost() || lock.machineDied();
        this.lastSeq = tail.lastSeq();
        this.epoch = lost ? Epoch.fresh() : found.getLast().header().epoch();
        if (lost) {
            beginAnew(found);
        }
        this.writer = SegmentWriter.of(found.getLast());
        this.segments = List.copyOf(found);
        this.sync = new GroupCommit(settings.folder(), settings.fsync().every(), this::keepWithinBounds);
    }

    /// Opens the log in a folder, or begins one.
    ///
    /// @throws HyperTokenException `bad_option`: somebody else has it; `unavailable`: the folder cannot be used
    public static FileStore open(FileStoreSettings settings) {
        return open(settings, InstantSource.system());
    }

    static FileStore open(FileStoreSettings settings, InstantSource clock) {
        try {
            Files.createDirectories(settings.folder());
            FolderLock lock = FolderLock.take(settings.folder());
            try {
                var store = new FileStore(settings, clock, lock);
                store.keepWithinBounds();
                store.sync.start();
                return store;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "cannot open the event log in " + settings.folder(),
                    e.toString(),
                    "make the folder one that can be written to, or name another",
                    e);
        }
    }

    @Override
    public String epoch() {
        return Epoch.text(epoch);
    }

    @Override
    public long firstSeq() {
        long last = lastSeq;
        return Math.min(segments.getFirst().header().firstSeq(), last + 1);
    }

    @Override
    public long lastSeq() {
        return lastSeq;
    }

    @Override
    public long bytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.size();
        }
        return sum;
    }

    /// How often the disk has refused to take what was stored.
    public long failedSyncs() {
        return sync.failures();
    }

    @Override
    public void follow(Consumer<List<LoggedEvent>> follower) {
        this.follower = follower;
    }

    @Override
    public CompletableFuture<Long> append(List<NewEvent> events) {
        long first;
        try {
            first = store(events);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(refusal(events.size(), e));
        } catch (HyperTokenException e) {
            return CompletableFuture.failedFuture(e);
        }
        tell(first, events);
        return CompletableFuture.completedFuture(first + events.size() - 1);
    }

    @Override
    public List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
        var answer = new Answer(maxEvents, maxBytes);
        try {
            while (!closed && !read(from, answer)) {}
        } catch (ClosedByInterruptException e) {
            throw unreadable("the reading thread was interrupted", e);
        } catch (IOException e) {
            throw unreadable(e.toString(), e);
        }
        if (closed) {
            throw unreadable("it is closed", null);
        }
        return answer.events();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            sync.finished(writer.channel());
        }
        boolean onDisk = sync.close();
        segments.forEach(Segment::close);
        try (lock) {
            if (onDisk) {
                lock.markClosed();
            }
        } catch (IOException e) {
            LOG.warn("closing the event log in {}: {}", settings.folder(), e.toString());
        }
    }

    /// Stores events and returns the first one's number.
    private synchronized long store(List<NewEvent> events) throws IOException {
        if (closed) {
            throw new IOException("it is closed");
        }
        if (writer.segment().size() >= settings.segmentBytes()) {
            beginNext();
        }
        long first = lastSeq + 1;
        writer.append(first, events, forced);
        lastSeq = first + events.size() - 1;
        lastStored = clock.millis();
        if (!forced) {
            sync.appended(writer.channel());
        }
        dropBeyond(settings.maxBytes());
        return first;
    }

    private void tell(long first, List<NewEvent> events) {
        var logged = new ArrayList<LoggedEvent>(events.size());
        long seq = first;
        for (NewEvent event : events) {
            logged.add(new LoggedEvent(seq++, event.key(), event.json()));
        }
        try {
            follower.accept(logged);
        } catch (RuntimeException e) {
            LOG.error("what follows the event log has failed; the events are stored", e);
        }
    }

    /// Reads on from the first segment that may hold `from`.
    ///
    /// @return false if one was dropped before it gave anything: then the first kept is another
    private boolean read(long from, Answer answer) throws IOException {
        List<Segment> kept = segments;
        int k = kept.size() - 1;
        while (k > 0 && kept.get(k).header().firstSeq() > from) {
            k--;
        }
        for (; k < kept.size() && answer.hasRoom(); k++) {
            try {
                kept.get(k).read(from, answer);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                return !answer.isEmpty();
            }
        }
        return true;
    }

    private void beginAnew(List<Segment> found) throws IOException {
        if (!found.isEmpty() && found.getLast().isEmpty()) {
            found.removeLast().drop(); // the new one has its name
        }
        found.add(SegmentWriter.begin(settings.folder(), header()));
    }

    private void beginNext() throws IOException {
        SegmentWriter before = writer;
        writer = before.following(settings.folder(), header());
        if (forced) {
            SegmentFiles.force(settings.folder());
        }
        sync.finished(before.channel());
        var more = new ArrayList<>(segments);
        more.add(writer.segment());
        segments = List.copyOf(more);
    }

    private SegmentHeader header() {
        return new SegmentHeader(lastSeq + 1, lastStored, epoch);
    }

    private synchronized void keepWithinBounds() {
        if (closed) {
            return;
        }
        long oldest = clock.millis() - settings.maxAge().toMillis();
        try {
            Segment active = writer.segment();
            if (!active.isEmpty()
                    && active.header().noneBeforeIsYounger()
                            < oldest + settings.maxAge().toMillis() * (SHARE_OF_AGE - 1) / SHARE_OF_AGE) {
                beginNext();
            }
        } catch (IOException e) {
            LOG.warn("cannot begin another segment of the event log: {}", e.toString());
        }
        while (segments.size() > 1 && segments.get(1).header().noneBeforeIsYounger() <= oldest) {
            dropFirst();
        }
        dropBeyond(settings.maxBytes());
    }

    private void dropBeyond(long most) {
        while (segments.size() > 1 && bytes() > most) {
            dropFirst();
        }
    }

    private void dropFirst() {
        List<Segment> kept = segments;
        segments = List.copyOf(kept.subList(1, kept.size()));
        kept.getFirst().drop();
    }

    private HyperTokenException refusal(int events, IOException why) {
        return new HyperTokenException(
                UNAVAILABLE,
                "the event log in " + settings.folder() + " has stored none of " + events + " events",
                String.valueOf(why.getMessage()),
                "send them again when that is over",
                why);
    }

    private HyperTokenException unreadable(String why, @Nullable Exception cause) {
        String what = "cannot read the event log in " + settings.folder();
        String whatToDo = "ask again, or look at its disk";
        return cause == null
                ? new HyperTokenException(UNAVAILABLE, what, why, whatToDo)
                : new HyperTokenException(UNAVAILABLE, what, why, whatToDo, cause);
    }
}
