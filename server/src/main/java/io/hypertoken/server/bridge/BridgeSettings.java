package io.hypertoken.server.bridge;

import io.hypertoken.env.Catalogue;
import org.jspecify.annotations.Nullable;

/// What a bridge serves, to whom, and where.
///
/// @param host the address to listen on
/// @param port 0 for any free one
/// @param catalogue the environments that clients may open
/// @param standard what a client gets that names no environment; null if it must name one
/// @param access who may connect
/// @param limits how much of everything
/// @param verbose whether each message is logged
/// @param version of the server, as `hello` tells it
public record BridgeSettings(
        String host,
        int port,
        Catalogue catalogue,
        @Nullable Opening standard,
        AccessRules access,
        Limits limits,
        boolean verbose,
        String version) {

    /// Listens on loopback at `port`, open to every program on this machine.
    public BridgeSettings(Catalogue catalogue, @Nullable Opening standard, int port) {
        this("127.0.0.1", port, catalogue, standard, AccessRules.LOCAL, Limits.DEFAULT, false, "development");
    }

    /// These settings with other limits.
    public BridgeSettings limits(Limits others) {
        return new BridgeSettings(host, port, catalogue, standard, access, others, verbose, version);
    }

    /// These settings with other access rules.
    public BridgeSettings access(AccessRules rules) {
        return new BridgeSettings(host, port, catalogue, standard, rules, limits, verbose, version);
    }
}
