package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.LoggedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the log holds on a thread of its own, so that neither the hub nor a socket waits for a disk.
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    private static final int EVENTS_AT_ONCE = 2048;
    private static final int BYTES_AT_ONCE = 1 << 20;
    /// How far a search goes; who wants more asks again from where it ended.
    private static final int MOST_SEARCHED = 500_000;

    /// What a search has found.
    ///
    /// @param next where a further search goes on
    record Found(List<LoggedEvent> events, long next) {}

    private final EventStore store;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("hypertoken-hub-reader").factory());

    LogReader(EventStore store) {
        this.store = store;
    }

    /// Runs something that reads.
    void execute(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException thrown) {
                    LOG.error("reading the log met a defect: {}", Shown.trace(thrown));
                }
            });
        } catch (RejectedExecutionException closed) {
            // The hub has stopped; nobody waits for an answer any more.
        }
    }

    /// Reads some events from a position on.
    ///
    /// @param then given them on `executor`; none if they cannot be read
    void read(long from, int events, int bytes, Executor executor, Consumer<List<LoggedEvent>> then) {
        execute(() -> {
            List<LoggedEvent> read = readOrNone(from, events, bytes);
            executor.execute(() -> then.accept(read));
        });
    }

    private List<LoggedEvent> readOrNone(long from, int events, int bytes) {
        try {
            return store.read(from, events, bytes);
        } catch (HyperTokenException unavailable) {
            LOG.warn("{}", unavailable.getMessage());
            return List.of();
        }
    }

    /// The first events behind a position that a filter admits; on the reader's thread.
    ///
    /// @param from the first to look at
    Found forward(long from, Filter filter, int count, int mostBytes) {
        var found = new ArrayList<LoggedEvent>();
        long next = Math.max(from, store.firstSeq());
        long end = next + MOST_SEARCHED;
        long bytes = 0;
        while (next < end) {
            List<LoggedEvent> some = store.read(next, EVENTS_AT_ONCE, BYTES_AT_ONCE);
            if (some.isEmpty()) {
                break;
            }
            for (LoggedEvent event : some) {
                if (filter.matches(event.key())) {
                    if (found.size() == count || (bytes + event.json().length > mostBytes && !found.isEmpty())) {
                        return new Found(found, event.seq());
                    }
                    found.add(event);
                    bytes += event.json().length;
                }
                next = event.seq() + 1;
            }
        }
        return new Found(found, next);
    }

    /// The newest events that a filter admits, oldest first; on the reader's thread.
    ///
    /// @param last the newest to look at
    Found latest(long last, Filter filter, int count, int mostBytes) {
        var found = new ArrayDeque<LoggedEvent>();
        long first = Math.max(store.firstSeq(), last - MOST_SEARCHED);
        long end = last;
        long bytes = 0;
        while (end >= first && found.size() < count && bytes < mostBytes) {
            long from = Math.max(first, end - EVENTS_AT_ONCE + 1);
            Deque<LoggedEvent> block = block(from, end);
            while (!block.isEmpty() && found.size() < count && bytes < mostBytes) {
                LoggedEvent event = block.removeLast();
                if (filter.matches(event.key())) {
                    found.addFirst(event);
                    bytes += event.json().length;
                }
            }
            end = from - 1;
        }
        return new Found(List.copyOf(found), last + 1);
    }

    private Deque<LoggedEvent> block(long from, long end) {
        var block = new ArrayDeque<LoggedEvent>();
        long next = from;
        while (next <= end) {
            List<LoggedEvent> some = store.read(next, (int) (end - next + 1), BYTES_AT_ONCE);
            if (some.isEmpty() || some.getFirst().seq() > end) {
                break;
            }
            some.stream().filter(event -> event.seq() <= end).forEach(block::addLast);
            next = some.getLast().seq() + 1;
        }
        return block;
    }

    void close() {
        thread.shutdownNow();
    }
}
