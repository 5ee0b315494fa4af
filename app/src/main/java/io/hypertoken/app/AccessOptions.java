package io.hypertoken.app;

import io.hypertoken.server.http.AccessRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who may connect to what is served.
final class AccessOptions {
    @Option(
            names = "--token",
            defaultValue = "${env:HYPERTOKEN_TOKEN}",
            description = "What clients must show; better given as HYPERTOKEN_TOKEN, which `ps` does not list.")
    private @Nullable String token;

    @Option(names = "--insecure", description = "Serve other machines without a token.")
    private boolean insecure;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "A further page that browsers may connect from, null for files, or *; may be repeated.")
    private List<String> origins = new ArrayList<>();

    /// The rules of a server at this address.
    ///
    /// @throws io.hypertoken.HyperTokenException if other machines could reach it without a token
    AccessRules rules(String host) {
        return AccessRules.of(host, token, origins, insecure);
    }
}
