package io.hypertoken.server.http;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A client's request for a WebSocket, its token and origin checked already.
///
/// @param path without the query
/// @param query the address' parameters
/// @param header gives a header's value by its name, null where it is absent
/// @param remote the client's host, without its port
public record Upgrade(
        String path, Map<String, List<String>> query, Function<String, @Nullable String> header, String remote) {}
