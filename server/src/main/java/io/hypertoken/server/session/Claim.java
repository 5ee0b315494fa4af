package io.hypertoken.server.session;

import io.hypertoken.HyperTokenException;

/// What becomes of opening or resuming a session; exactly one of the two is called, once, on whatever thread.
public interface Claim {
    /// The session is the asker's.
    void granted(Session session);

    /// It is not.
    void refused(HyperTokenException why);
}
