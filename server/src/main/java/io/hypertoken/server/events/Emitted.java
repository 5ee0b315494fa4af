package io.hypertoken.server.events;

import io.hypertoken.event.Event;

/// An event of this process on its way to the hub.
///
/// @param producer whose it is
/// @param row of its vector; -1 if it comes from none
/// @param episode the row's
/// @param step the episode's
/// @param millis when it happened, in Unix milliseconds
record Emitted(Producer producer, int row, long episode, long step, Event event, long millis) {
    static final int NO_ROW = -1;
}
