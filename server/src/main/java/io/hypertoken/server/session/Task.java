package io.hypertoken.server.session;

import io.hypertoken.HyperTokenException;

/// What an owner asks of its session; exactly one of the two is called, once, on whatever thread.
public interface Task {
    /// Does it. Nobody else touches the session meanwhile.
    void run(Session session);

    /// It was not done: the session has another owner, or has ended.
    void refuse(HyperTokenException why);
}
