package io.hypertoken.server.http;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A plain HTTP request to a [Route].
///
/// @param path without the query
/// @param query the address' parameters
/// @param header gives a header's value by its name, null where it is absent
/// @param body empty if there is none
/// @param remote the client's host, without its port
@SuppressWarnings("ArrayRecordComponent") // requests are answered, never compared
public record Request(
        String path,
        Map<String, List<String>> query,
        Function<String, @Nullable String> header,
        byte[] body,
        String remote) {
    /// A parameter's last value; null where it is absent or empty.
    public @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        String last = values == null ? "" : values.getLast();
        return last.isEmpty() ? null : last;
    }
}
