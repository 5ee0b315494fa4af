package io.hypertoken.server.relay;

import io.hypertoken.server.http.Connection;

/// Somebody who plays rows of pages, by one connection.
final class Player {
    final Connection connection;
    /// How long a page may take for a step and for a reset, milliseconds; guarded by the [Switchboard]'s lock.
    long stepMillis = 5_000;

    long resetMillis = 30_000;

    Player(Connection connection) {
        this.connection = connection;
    }
}
