package io.hypertoken.server.session;

/// Who speaks for a session: one connection. Safe for any thread.
public interface Owner {
    /// The client's host; how many sessions may wait for clients of one host is bounded.
    String address();

    /// Somebody else has taken the session over.
    void lose();
}
