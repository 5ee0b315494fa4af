package io.hypertoken.server.http;

import java.util.List;
import java.util.Map;

/// A client's request for a WebSocket, its token and origin checked already.
///
/// @param path without the query
/// @param query the address' parameters
/// @param remote the client's host, without its port
public record Upgrade(String path, Map<String, List<String>> query, String remote) {}
