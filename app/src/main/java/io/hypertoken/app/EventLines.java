package io.hypertoken.app;

import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import java.io.PrintWriter;

/// Prints events, one a line: where it happened, its kind, and its facts.
final class EventLines implements EventSink {
    private final PrintWriter out;

    EventLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void accept(int row, long episode, long step, Event event) {
        var line = new StringBuilder()
                .append(episode)
                .append('.')
                .append(step)
                .append(' ')
                .append(event.type());
        event.facts()
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(value));
        out.println(line);
    }
}
