package io.hypertoken.server.http;

import io.hypertoken.server.Limits;
import java.util.List;

/// Where a port listens, to whom, and how much of everything.
///
/// @param hosts the addresses to listen on, at least one; of those behind the first, any that this machine lacks is
/// left
///     out
/// @param port 0 for any free one
/// @param advice what to do where the port is taken, for the message
/// @param heartbeatMillis between two pings of a WebSocket's peer, which two misses disconnect; 0 for none
public record ListenerSettings(
        List<String> hosts, int port, String advice, AccessRules access, Limits limits, long heartbeatMillis) {
    /// For a port whose option is `--port`.
    public static final String ADVICE = "choose another port or address, or pass --port 0 for any free port";

    /// One address, and no pings.
    public ListenerSettings(String host, int port, AccessRules access, Limits limits) {
        this(List.of(host), port, ADVICE, access, limits, 0);
    }

    /// The first address.
    public String host() {
        return hosts.getFirst();
    }
}
