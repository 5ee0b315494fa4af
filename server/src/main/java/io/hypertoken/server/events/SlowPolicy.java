package io.hypertoken.server.events;

/// What becomes of a client that reads more slowly than events happen, once its queue is full. It is told what it
/// missed.
enum SlowPolicy {
    /// The oldest waiting events are left out.
    DROP,
    /// Of price and margin updates only the newest of each item waits; if that is not enough, the oldest are left out.
    CONFLATE,
    /// It is disconnected, and may come back with its position.
    DISCONNECT
}
