package io.hypertoken.server.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a browser is told to refuse on behalf of the dashboard's page, whatever an event holds: every script, style,
/// frame
/// and connection that is not this server's own.
final class Safety {
    /// A name or an IPv4 address, with its port: what a Content-Security-Policy can name.
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?");

    private Safety() {}

    /// Headers of an answer.
    ///
    /// @param host as the request names this server
    /// @param bridgePort where the page may play; 0 for nowhere
    /// @return a map that the caller may add to
    static Map<String, String> headers(@Nullable String host, int bridgePort) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Security-Policy", policy(host, bridgePort));
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        return headers;
    }

    private static String policy(@Nullable String host, int bridgePort) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
                + sockets(host, bridgePort)
                + "; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                + "; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    /// The WebSockets of the hub and of the bridge. Not every browser counts the hub's among `'self'`; and an IPv6
    /// address
    /// cannot be named, so the port stands alone there.
    private static String sockets(@Nullable String host, int bridgePort) {
        var matcher = NAMED.matcher(host == null ? "" : host);
        boolean named = matcher.matches();
        String bridge = bridgePort == 0 ? "" : " ws://" + (named ? matcher.group(1) : "*") + ":" + bridgePort;
        return named ? " ws://" + host + " wss://" + host + bridge : bridge;
    }
}
