package io.hypertoken.event;

/// Receives the events of a vector's rows, on the thread that steps the row: return at once, and never throw.
@FunctionalInterface
public interface EventSink {
    /// One event of one row.
    void accept(int row, Event event);
}
