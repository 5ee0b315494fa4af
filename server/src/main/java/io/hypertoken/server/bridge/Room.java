package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_OPTION;
import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// What all conversations of a bridge share.
///
/// @param settings what the bridge serves
/// @param sessions all of its sessions
/// @param metrics what it counts
/// @param nanoClock the time in nanoseconds, from any beginning
record Room(BridgeSettings settings, Sessions sessions, Metrics metrics, LongSupplier nanoClock) {
    /// The longest payload that a frame's 32-bit length, and a Java buffer, can hold with room to spare.
    private static final long LARGEST_LAYOUT = 1L << 30;

    static Room of(BridgeSettings settings, LongSupplier nanoClock) {
        var metrics = new Metrics();
        return new Room(
                settings, new Sessions(settings.limits().maxSessions(), metrics, nanoClock), metrics, nanoClock);
    }

    Limits limits() {
        return settings.limits();
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    Catalogue catalogue() {
        return settings.catalogue();
    }

    /// The server's name and version.
    String server() {
        return "hypertoken/" + settings.version();
    }

    /// What an `open` command asks for.
    Opening opening(Fields fields) {
        Spec spec = catalogue().find(fields.requiredText("env", "\"env\":\"" + anyEnvironment() + "\""));
        Map<String, @Nullable Object> given = fields.object("options");
        Long rows = fields.integer("num_envs", 1, Integer.MAX_VALUE);
        Long lease = fields.integer("lease_s", 0, limits().maxLeaseSeconds());
        Autoreset autoreset = fields.choice("autoreset", Autoreset.class);
        IllegalActions illegal = fields.choice("illegal", IllegalActions.class);
        boolean digested = fields.flag("digest");
        Opening standard = Opening.of(spec, given, seed(), limits().leaseSeconds());
        var opening = new Opening(
                spec,
                standard.options(),
                rows == null ? 1 : rows.intValue(),
                autoreset == null ? defaultAutoreset(rows) : autoreset,
                illegal == null ? standard.illegal() : illegal,
                standard.seed(),
                lease == null ? standard.leaseSeconds() : lease.intValue(),
                digested);
        requireRoomFor(opening);
        return opening;
    }

    /// What a connection's address asks for: `env` and its options, named as on the command line; without `env`, the
    /// server's own, with the options given in place of the server's.
    ///
    /// @return null if neither names an environment
    /// @throws HyperTokenException `unknown_environment` or `bad_option`
    @Nullable
    Opening opening(Map<String, List<String>> query) {
        var given = new LinkedHashMap<String, String>();
        query.forEach((name, values) -> {
            if (!name.equals("env") && !name.equals("token") && !name.equals("session")) {
                given.put(name.replace('-', '_'), values.getLast());
            }
        });
        Opening standard = settings.standard();
        if (query.containsKey("env")) {
            Spec spec = catalogue().find(query.get("env").getLast());
            return Opening.of(spec, given, seed(), limits().leaseSeconds());
        }
        if (standard == null || given.isEmpty()) {
            requireNoOptions(given, standard);
            return standard;
        }
        var options = new LinkedHashMap<String, Object>();
        standard.spec().options().stream()
                .filter(option -> !option.episode())
                .forEach(option ->
                        options.put(option.name(), standard.options().values().get(option.name())));
        options.putAll(given);
        return Opening.of(standard.spec(), options, standard.seed(), standard.leaseSeconds());
    }

    void writeHello(JsonGenerator out, Fields fields) {
        Long protocol = fields.integer("protocol", 0, Integer.MAX_VALUE);
        if (protocol != null && protocol != Conversation.PROTOCOL) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "hello refused protocol=" + protocol,
                    "this server speaks version " + Conversation.PROTOCOL,
                    "use the client that came with it");
        }
        fields.text("client");
        out.writeNumberProperty("protocol", Conversation.PROTOCOL);
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

    private void requireRoomFor(Opening opening) {
        int rows = opening.rows();
        if (rows > limits().maxRows()) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "open refused num_envs=" + rows,
                    "a session of this server has at most " + limits().maxRows() + " rows",
                    "open several sessions, or start the server with a larger --max-envs");
        }
        Options options = opening.options();
        long bytes = BatchLayout.of(opening.spec(), opening.spec().signature(options), rows, opening.autoreset())
                .bytes();
        if (bytes > LARGEST_LAYOUT) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "open refused num_envs=" + rows,
                    "its columns would take " + bytes + " bytes, and a session has at most " + LARGEST_LAYOUT,
                    "open fewer rows");
        }
    }

    /// One row is reset by its client, a batch by itself, unless the client says otherwise.
    private static Autoreset defaultAutoreset(@Nullable Long rows) {
        return rows == null || rows == 1 ? Autoreset.DISABLED : Autoreset.NEXT_STEP;
    }

    private @Nullable Long seed() {
        Opening standard = settings.standard();
        return standard == null ? null : standard.seed();
    }

    private String anyEnvironment() {
        return catalogue().specs().stream().map(Spec::id).findFirst().orElse("NAME");
    }

    private static void requireNoOptions(Map<String, String> given, @Nullable Opening standard) {
        if (standard == null && !given.isEmpty()) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused the address' options " + given.keySet(),
                    "neither it nor the server names an environment that could take them",
                    "add env=NAME to the address");
        }
    }
}
