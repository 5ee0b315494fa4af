package io.hypertoken.server.events.store;

/// An event in the log.
///
/// @param seq its number there, from 1; only grows, with no gap
/// @param json the object as it was given; what travels has `,"seq":N,"epoch":"E"` spliced in at its end
public record LoggedEvent(long seq, EventKey key, byte[] json) {}
