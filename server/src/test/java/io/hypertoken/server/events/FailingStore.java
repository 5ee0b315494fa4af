package io.hypertoken.server.events;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.events.store.NewEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A log in memory whose disk is full at times.
final class FailingStore implements EventStore {
    volatile boolean fails;
    private final MemoryStore memory = new MemoryStore(1 << 20);

    @Override
    public CompletableFuture<Long> append(List<NewEvent> events) {
        return fails
                ? CompletableFuture.failedFuture(new HyperTokenException(
                        ErrorCode.UNAVAILABLE, "the events were not stored", "the disk is full", "make room"))
                : memory.append(events);
    }

    @Override
    public String epoch() {
        return memory.epoch();
    }

    @Override
    public long firstSeq() {
        return memory.firstSeq();
    }

    @Override
    public long lastSeq() {
        return memory.lastSeq();
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void follow(Consumer<List<LoggedEvent>> follower) {
        memory.follow(follower);
    }

    @Override
    public List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
        return memory.read(from, maxEvents, maxBytes);
    }

    @Override
    public void close() {
        memory.close();
    }
}
