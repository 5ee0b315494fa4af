package io.hypertoken.server.http;

import io.hypertoken.server.Limits;

/// Where a port listens, to whom, and how much of everything.
///
/// @param host the address to listen on
/// @param port 0 for any free one
public record ListenerSettings(String host, int port, AccessRules access, Limits limits) {}
