package io.hypertoken.server.http;

import io.hypertoken.HyperTokenException;

/// What the WebSockets of a port speak.
public interface Protocol {
    /// Takes in a client. Called on the loop that accepts connections, so it must not wait.
    ///
    /// @param connection speaks once [Conversation#begin()] was called
    /// @throws HyperTokenException what is wrong with the address; told by HTTP 400
    Conversation accept(Upgrade upgrade, Connection connection);
}
