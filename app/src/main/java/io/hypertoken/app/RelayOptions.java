package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.relay.Relay;
import io.hypertoken.server.relay.RelaySettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The relay of browser games beside a server.
final class RelayOptions {
    @Option(
            names = "--relay-port",
            paramLabel = "PORT",
            converter = WholeNumber.Port.class,
            description = "Relay browser games here too: pages that call hostGame() host browser:NAME; usually "
                    + RelaySettings.PORT + ", or 0 for any free port.")
    private @Nullable Integer port;

    @Option(
            names = "--pages",
            paramLabel = "DIR",
            description = "Serve the files of this folder on the relay's port, such as a game's.")
    private @Nullable Path pages;

    /// A running relay; null if none is asked for.
    ///
    /// @throws io.hypertoken.HyperTokenException if the port is taken
    @Nullable
    Relay start(String host, AccessRules access, Catalogue catalogue, Limits limits, List<String> guests) {
        if (port == null && pages == null) {
            return null;
        }
        return Relay.start(new RelaySettings(catalogue, port == null ? RelaySettings.PORT : port)
                .at(HubOptions.hosts(host), "name another by --relay-port")
                .access(access)
                .limits(limits)
                .allowedGuests(guests)
                .pages(pages)
                .version(Version.number()));
    }
}
