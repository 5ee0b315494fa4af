package io.hypertoken.server.session;

/// A reply that is kept, so that it can be given again to a repeated request.
public interface Recorded {
    /// The reply as it stays right when the session's columns change; itself, where it does not stand in them.
    default Recorded kept(Session session) {
        return this;
    }
}
