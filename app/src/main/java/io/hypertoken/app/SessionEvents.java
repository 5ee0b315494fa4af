package io.hypertoken.app;

import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.Producer;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.SessionListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings what happens in a bridge's sessions to the hub beside it, once there is one.
final class SessionEvents implements SessionListener {
    private volatile @Nullable Hub hub;

    /// From now on there is a hub.
    void tell(Hub started) {
        hub = started;
    }

    /// One session's environment.
    private final class Environment implements EventSink {
        private final String source;
        private volatile @Nullable Producer producer;

        Environment(String source) {
            this.source = source;
        }

        @Override
        public boolean listening() {
            Hub there = hub;
            return there != null && there.listening();
        }

        @Override
        public void accept(int row, long episode, long step, Event event) {
            Producer speaks = producer;
            Hub there = hub;
            if (speaks == null && there != null) {
                speaks = there.producer(source);
                producer = speaks;
            }
            if (speaks != null) {
                speaks.accept(row, episode, step, event);
            }
        }
    }

    @Override
    public EventSink events(String session, Opening opening) {
        return new Environment(source(session, opening));
    }

    @Override
    public void opened(String session, Opening opening, String client) {
        Map<String, Object> facts = facts(session, opening);
        facts.put("client", client);
        publish("session_opened", session, opening, facts);
    }

    @Override
    public void closed(String session, Opening opening, @Nullable String why) {
        Map<String, Object> facts = facts(session, opening);
        facts.put("reason", why == null ? "closed" : why);
        publish("session_closed", session, opening, facts);
    }

    private void publish(String type, String session, Opening opening, Map<String, Object> facts) {
        Hub there = hub;
        if (there != null && there.listening()) {
            there.producer(source(session, opening)).publish(new Event(type, facts));
        }
    }

    private static String source(String session, Opening opening) {
        return opening.spec().id() + " session " + session;
    }

    private static Map<String, Object> facts(String session, Opening opening) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("session", session);
        facts.put("environment", opening.spec().id());
        facts.put("rows", opening.rows());
        return facts;
    }
}
