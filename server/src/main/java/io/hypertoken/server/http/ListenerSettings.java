package io.hypertoken.server.http;

import io.hypertoken.server.Limits;
import java.util.List;

/// Where a port listens, to whom, and how much of everything.
///
/// @param hosts the addresses to listen on, at least one; of those behind the first, any that this machine lacks is
/// left
///     out
/// @param port 0 for any free one
/// @param portOption what names the port on the command line, for messages
/// @param heartbeatMillis between two pings of a WebSocket's peer, which two misses disconnect; 0 for none
public record ListenerSettings(
        List<String> hosts, int port, String portOption, AccessRules access, Limits limits, long heartbeatMillis) {
    /// One address, and no pings.
    public ListenerSettings(String host, int port, AccessRules access, Limits limits) {
        this(List.of(host), port, "--port", access, limits, 0);
    }

    /// The first address.
    public String host() {
        return hosts.getFirst();
    }
}
