package io.hypertoken.server.events.store;

/// An event to be stored.
///
/// @param json its JSON object in UTF-8, without seq and epoch: `{"type":…,"data":…,"timestamp":…,"source":…}`; nobody
///     writes to it any more
public record NewEvent(EventKey key, byte[] json) {}
