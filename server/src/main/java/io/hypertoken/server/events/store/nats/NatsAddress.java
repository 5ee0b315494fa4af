package io.hypertoken.server.events.store.nats;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/// Where a stream is.
///
/// @param server such as `nats://127.0.0.1:4222`, with the user and password or the token if one was given
/// @param stream its name; its subjects are `<stream>.<type>`
public record NatsAddress(String server, String stream) {
    private static final String DEFAULT_STREAM = "hypertoken";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /// Reads `nats://[user:password@]host[:port][/stream]`, or the same with `tls`.
    ///
    /// @throws HyperTokenException `bad_option`
    public static NatsAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refusal(text);
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String stream = path.isEmpty() ? DEFAULT_STREAM : path;
        boolean known = "nats".equals(uri.getScheme()) || "tls".equals(uri.getScheme());
        if (!known
                || uri.getHost() == null
                || uri.getQuery() != null
                || !NAME.matcher(stream).matches()) {
            throw refusal(text);
        }
        return new NatsAddress(uri.getScheme() + "://" + uri.getRawAuthority(), stream);
    }

    /// Without a password, for messages.
    String shown() {
        return server.replaceFirst("//[^@]*@", "//") + "/" + stream;
    }

    private static HyperTokenException refusal(String text) {
        return new HyperTokenException(
                BAD_OPTION,
                "refused the store " + Shown.value(text.replaceFirst("//[^@]*@", "//")),
                "it must be nats://host:port or tls://host:port, and may end with the name of a stream",
                "name one such as nats://127.0.0.1:4222/hypertoken");
    }
}
