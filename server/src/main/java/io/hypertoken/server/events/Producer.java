package io.hypertoken.server.events;

import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;

/// Somebody in this process who publishes: an environment's vector, a trainer, the server itself. Safe for any thread.
///
/// It never waits. An event that nobody hears and no log keeps is not taken; one that the hub has no room for is
/// dropped
/// and counted, and the log says so.
public final class Producer implements EventSink {
    private final Hub hub;
    private final String source;

    Producer(Hub hub, String source) {
        this.hub = hub;
        this.source = source;
    }

    /// What its events name as their source.
    public String source() {
        return source;
    }

    @Override
    public boolean listening() {
        return hub.listening();
    }

    @Override
    public void accept(int row, long episode, long step, Event event) {
        if (hub.listening()) {
            hub.leave(new Emitted(this, row, episode, step, event, System.currentTimeMillis()));
        }
    }

    /// Publishes what comes from no row.
    public void publish(Event event) {
        accept(Emitted.NO_ROW, 0, 0, event);
    }
}
