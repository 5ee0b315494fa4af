package io.hypertoken.server.events.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log that lives and dies with its process, for a hub without a folder.
public final class MemoryStore implements EventStore {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryStore.class);

    /// What an event takes beside its JSON: its objects and key, roughly.
    private static final int OVERHEAD = 200;

    private static final int FIRST_PLACES = 1 << 10;

    private final String epoch = Epoch.text(Epoch.fresh());
    private final long maxBytes;
    /// An event's place is its number modulo the places, of which there are a power of two.
    private @Nullable LoggedEvent[] places = new @Nullable LoggedEvent[FIRST_PLACES];
    private long firstSeq = 1;
    private long lastSeq;
    private long bytes;
    private Consumer<List<LoggedEvent>> follower = events -> {};

    /// @param maxBytes the newest so many bytes are kept
    public MemoryStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public synchronized long firstSeq() {
        return firstSeq;
    }

    @Override
    public synchronized long lastSeq() {
        return lastSeq;
    }

    @Override
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public void follow(Consumer<List<LoggedEvent>> follower) {
        this.follower = follower;
    }

    @Override
    public CompletableFuture<Long> append(List<NewEvent> events) {
        List<LoggedEvent> logged = store(events);
        try {
            follower.accept(logged);
        } catch (RuntimeException e) {
            LOG.error("what follows the event log has failed; the events are stored", e);
        }
        return CompletableFuture.completedFuture(logged.getLast().seq());
    }

    @Override
    public synchronized List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
        var answer = new Answer(maxEvents, maxBytes);
        for (long seq = Math.max(from, firstSeq); seq <= lastSeq && answer.add(at(seq)); seq++) {}
        return answer.events();
    }

    @Override
    public void close() {}

    private synchronized List<LoggedEvent> store(List<NewEvent> events) {
        var logged = new ArrayList<LoggedEvent>(events.size());
        for (NewEvent event : events) {
            var stored = new LoggedEvent(lastSeq + 1, event.key(), event.json());
            put(stored);
            logged.add(stored);
        }
        return logged;
    }

    private void put(LoggedEvent event) {
        if (lastSeq - firstSeq + 1 == places.length) {
            grow();
        }
        lastSeq = event.seq();
        places[place(lastSeq)] = event;
        bytes += size(event);
        while (bytes > maxBytes && firstSeq < lastSeq) {
            bytes -= size(at(firstSeq));
            places[place(firstSeq++)] = null;
        }
    }

    private void grow() {
        @Nullable LoggedEvent[] former = places;
        places = new @Nullable LoggedEvent[former.length * 2];
        for (LoggedEvent event : former) {
            if (event != null) {
                places[place(event.seq())] = event;
            }
        }
    }

    private LoggedEvent at(long seq) {
        LoggedEvent event = places[place(seq)];
        if (event == null) {
            throw new IllegalStateException("event " + seq + " has no place");
        }
        return event;
    }

    private int place(long seq) {
        return (int) (seq & (places.length - 1));
    }

    private static int size(LoggedEvent event) {
        return event.json().length + OVERHEAD;
    }
}
