package io.hypertoken.server.events.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// An ordered log of events, which numbers them, keeps the newest of them within bounds, and answers by number.
///
/// One thread appends, the hub's; everything else may be asked on any thread at any time.
public interface EventStore extends AutoCloseable {
    /// Names this log; a new name when the log, or a part of it that may have been told, was lost.
    String epoch();

    /// The oldest kept; `lastSeq() + 1` if there is none.
    long firstSeq();

    /// The newest; 0 before the first.
    long lastSeq();

    /// The size of what is kept.
    long bytes();

    /// Names who is told of everything stored: in order, with no gap, never concurrently. Set once, before the first
    /// append. What it throws is logged, and the events stay stored.
    void follow(Consumer<List<LoggedEvent>> follower);

    /// Stores events in order, all or none. The future completes with the last one's number once they survive the death
    /// of this process; it fails with a HyperTokenException when they are not stored, or when a server does not say
    /// whether they are, and the store stays usable. A store of this machine completes it before it returns, after the
    /// follower was told; where a server has the log, the follower is told when the server does.
    ///
    /// @param events at least one
    CompletableFuture<Long> append(List<NewEvent> events);

    /// Stored events from number `from` on, or from the first kept if that is gone: as many as the bounds allow, and at
    /// least one if there is any.
    ///
    /// @param maxBytes of JSON
    List<LoggedEvent> read(long from, int maxEvents, int maxBytes);

    @Override
    void close();
}
