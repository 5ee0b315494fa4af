package io.hypertoken.server.relay;

import io.hypertoken.server.http.Request;
import io.hypertoken.server.http.Response;
import io.hypertoken.server.http.Route;
import io.hypertoken.server.web.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Serves the SDK, for pages that have no build of their own: `/hypertoken.js` for a script tag, `/hypertoken.mjs` for
/// an
/// import. A page that takes it from a relay connects to that relay.
final class SdkFiles {
    private static final int NO_BODY = 8192;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\[\\]:-]{1,260}");
    private static final List<String> NAMES = List.of("hypertoken.js", "hypertoken.mjs");

    private SdkFiles() {}

    static List<Route> routes() {
        return NAMES.stream()
                .map(name -> new Route(
                        "GET", "/" + name, NO_BODY, true, (request, response) -> send(name, request, response)))
                .toList();
    }

    private static void send(String name, Request request, Response response) {
        byte[] sdk = resource(name);
        if (sdk == null) {
            response.send(
                    404,
                    MediaTypes.of("why.txt"),
                    "the SDK was not built into this jar; that takes Node 20 or newer\n"
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        var body = new ByteArrayOutputStream();
        body.writeBytes(here(request.header().apply("host")).getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(sdk);
        response.send(
                200,
                MediaTypes.of(name),
                body.toByteArray(),
                Map.of("Cache-Control", "no-cache", "Cross-Origin-Resource-Policy", "cross-origin"));
    }

    /// Tells the SDK where it comes from, as the page's browser names this relay.
    private static String here(@Nullable String host) {
        return host == null || !HOST.matcher(host).matches()
                ? ""
                : "globalThis.HYPERTOKEN_RELAY ??= \"ws://" + host + "\";\n";
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream in = SdkFiles.class.getResourceAsStream("sdk/" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the jar cannot be read", e);
        }
    }
}
