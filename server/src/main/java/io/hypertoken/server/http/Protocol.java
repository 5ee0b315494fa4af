package io.hypertoken.server.http;

import io.hypertoken.HyperTokenException;
import java.util.List;

/// What a port speaks: its WebSockets, and the paths that it serves beside them.
public interface Protocol {
    /// Takes in a client. Called on the loop that accepts connections, so it must not wait.
    ///
    /// @param connection speaks once [Conversation#begin()] was called
    /// @throws HyperTokenException what is wrong with the address; told by HTTP 400
    Conversation accept(Upgrade upgrade, Connection connection);

    /// What the port serves by plain HTTP beside health, readiness and metrics; asked once.
    default List<Route> routes() {
        return List.of();
    }
}
