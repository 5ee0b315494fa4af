package io.hypertoken.server.relay.rows;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.relay.RelaySettings;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/// Where a relay is.
///
/// @param uri `ws://HOST:PORT`
record RelayAddress(URI uri) {
    private static final int DIAL_MILLIS = 5_000;

    /// @param text `HOST:PORT`, with or without `ws://`
    /// @throws HyperTokenException `unknown_environment`
    static RelayAddress of(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "ws://" + text);
            if ("ws".equals(uri.getScheme()) && uri.getHost() != null) {
                return new RelayAddress(uri.getPort() < 0 ? URI.create(uri + ":" + RelaySettings.PORT) : uri);
            }
        } catch (IllegalArgumentException unreadable) {
            // told below
        }
        throw new HyperTokenException(
                UNKNOWN_ENVIRONMENT,
                "refused the relay " + Shown.value(text),
                "a relay's address is a host and a port",
                "write it like 127.0.0.1:" + RelaySettings.PORT);
    }

    /// A line to it.
    RelayLine dial() throws IOException {
        String token = System.getenv("HYPERTOKEN_TOKEN");
        return RelayLine.dial(uri, "/rows", token == null || token.isEmpty() ? null : token, DIAL_MILLIS);
    }

    @Override
    public String toString() {
        return uri.toString().toLowerCase(Locale.ROOT);
    }
}
