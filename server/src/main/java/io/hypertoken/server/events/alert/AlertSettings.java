package io.hypertoken.server.events.alert;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a hub's alerts may do.
///
/// @param file where the rules are kept, a JSON array; null: they end with the process
/// @param webhookHosts the only hosts that a webhook may call: `host`, for any port, or `host:port`
/// @param commands whether rules may start command lines
public record AlertSettings(@Nullable Path file, List<String> webhookHosts, boolean commands) {
    public AlertSettings {
        webhookHosts =
                webhookHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /// Rules that are kept nowhere and only make events.
    public static AlertSettings none() {
        return new AlertSettings(null, List.of(), false);
    }

    boolean allows(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        return webhookHosts.contains(host) || webhookHosts.contains(host + ":" + port(address));
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
}
