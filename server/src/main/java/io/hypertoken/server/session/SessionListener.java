package io.hypertoken.server.session;

import io.hypertoken.event.EventSink;
import org.jspecify.annotations.Nullable;

/// Hears of sessions, and of what their environments tell. Called on whatever thread opens or ends them; it returns at
/// once and must not throw.
public interface SessionListener {
    /// Nobody listens.
    SessionListener NONE = new SessionListener() {
        @Override
        public EventSink events(String session, Opening opening) {
            return EventSink.NONE;
        }

        @Override
        public void opened(String session, Opening opening, String client) {
            // Nobody listens.
        }

        @Override
        public void closed(String session, Opening opening, @Nullable String why) {
            // Nobody listens.
        }
    };

    /// Who hears the events of a session that is about to be opened.
    ///
    /// @param session the beginning of its id: the whole of it is the key to the session
    EventSink events(String session, Opening opening);

    /// A session is open.
    ///
    /// @param client the host that it was opened from
    void opened(String session, Opening opening, String client);

    /// A session has ended.
    ///
    /// @param why null where its client closed it
    void closed(String session, Opening opening, @Nullable String why);
}
