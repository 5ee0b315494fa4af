package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.json.Fields;
import io.hypertoken.server.Limits;
import io.hypertoken.server.session.Sessions;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tools.jackson.core.JsonGenerator;

/// What all conversations of a bridge share.
///
/// @param settings what the bridge serves
/// @param sessions all of its sessions
/// @param metrics what its conversations count
/// @param refused counts a refusal that every port counts, by its reason
/// @param nanoClock the time in nanoseconds, from any beginning
record BridgeContext(
        BridgeSettings settings,
        Sessions sessions,
        BridgeMetrics metrics,
        Consumer<String> refused,
        LongSupplier nanoClock) {
    Limits limits() {
        return settings.limits();
    }

    Catalogue catalogue() {
        return settings.catalogue();
    }

    /// What clients may open, and how they ask for it.
    OpeningRequests openings() {
        return new OpeningRequests(settings);
    }

    /// The server's name and version.
    String server() {
        return "hypertoken/" + settings.version();
    }

    void writeHello(JsonGenerator out, Fields fields) {
        Long protocol = fields.integer("protocol", 0, Integer.MAX_VALUE);
        if (protocol != null && protocol != BridgeProtocol.VERSION) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "hello refused protocol=" + protocol,
                    "this server speaks version " + BridgeProtocol.VERSION,
                    "use the client that came with it");
        }
        fields.text("client");
        out.writeNumberProperty("protocol", BridgeProtocol.VERSION);
        out.writeStringProperty("server", server());
        out.writeStringProperty("version", settings.version());
        EnvironmentJson.writeWords(
                out, "environments", catalogue().specs().stream().map(Spec::id).toList());
        out.writeObjectPropertyStart("limits");
        out.writeNumberProperty("max_message", limits().maxMessageBytes());
        out.writeNumberProperty("max_connections", limits().maxConnections());
        out.writeNumberProperty("max_sessions", limits().maxSessions());
        out.writeNumberProperty("max_envs", limits().maxRows());
        out.writeNumberProperty("rate", limits().messagesPerSecond());
        out.writeNumberProperty("lease_s", limits().leaseSeconds());
        out.writeNumberProperty("max_lease_s", limits().maxLeaseSeconds());
        out.writeEndObject();
    }
}
