package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_OPTION;
import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.json.Fields;
import io.hypertoken.server.Limits;
import io.hypertoken.server.session.Opening;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what a client wants to open, from a command or an address, within the server's limits.
final class OpeningRequests {
    private final Catalogue catalogue;
    private final Limits limits;
    private final GuestRules guests;
    private final @Nullable Opening defaultOpening;

    OpeningRequests(BridgeSettings settings) {
        this.catalogue = settings.catalogue();
        this.limits = settings.limits();
        this.guests = GuestRules.of(settings.allowedGuests());
        this.defaultOpening = settings.defaultOpening();
    }

    /// Whether an id is resolved elsewhere, which takes its time.
    static boolean isGuest(@Nullable Object id) {
        return id instanceof String name && name.indexOf(':') >= 0;
    }

    /// Lets an id pass whose environment may be opened, before it is found out what that is.
    ///
    /// @throws HyperTokenException `unknown_environment`
    void requireAllowed(String id) {
        guests.require(id, ownId());
    }

    /// What an `open` command asks for.
    Opening of(Fields fields) {
        Spec spec = find(fields.requiredText("env", "\"env\":\"" + anyEnvironment() + "\""));
        Map<String, @Nullable Object> given = new LinkedHashMap<>(fields.object("options"));
        requireNoHostOptions(spec, given);
        given.putAll(hostOptions(spec));
        Long rows = fields.integer("num_envs", 1, Integer.MAX_VALUE);
        Long lease = fields.integer("lease_s", 0, limits.maxLeaseSeconds());
        Autoreset autoreset = fields.choice("autoreset", Autoreset.class);
        IllegalActions illegal = fields.choice("illegal", IllegalActions.class);
        Integer limit = stepLimit(fields);
        boolean digested = fields.flag("digest");
        Opening plain = Opening.of(spec, given, seed(), limits.leaseSeconds());
        var opening = new Opening(
                spec,
                plain.options(),
                rows == null ? 1 : rows.intValue(),
                autoreset == null ? defaultAutoreset(rows) : autoreset,
                illegal == null ? plain.illegal() : illegal,
                limit == null ? plain.stepLimit() : limit,
                plain.seed(),
                lease == null ? plain.leaseSeconds() : lease.intValue(),
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
    Opening of(Map<String, List<String>> query) {
        var given = new LinkedHashMap<String, String>();
        query.forEach((name, values) -> {
            if (!name.equals("env") && !name.equals("token") && !name.equals("session")) {
                given.put(name.replace('-', '_'), values.getLast());
            }
        });
        if (query.containsKey("env")) {
            Spec spec = find(query.get("env").getLast());
            requireNoHostOptions(spec, given);
            Map<String, Object> all = new LinkedHashMap<>(given);
            all.putAll(hostOptions(spec));
            return Opening.of(spec, all, seed(), limits.leaseSeconds());
        }
        if (defaultOpening == null || given.isEmpty()) {
            requireNoOptions(given);
            return defaultOpening;
        }
        requireNoHostOptions(defaultOpening.spec(), given);
        var options = new LinkedHashMap<String, Object>();
        defaultOpening.spec().options().stream()
                .filter(option -> !option.episode())
                .forEach(option -> options.put(
                        option.name(), defaultOpening.options().values().get(option.name())));
        options.putAll(given);
        return Opening.of(defaultOpening.spec(), options, defaultOpening.seed(), defaultOpening.leaseSeconds());
    }

    private static @Nullable Integer stepLimit(Fields fields) {
        Object given = fields.raw("max_episode_steps");
        if (given == null) {
            return null;
        }
        if (!(given instanceof Long steps) || steps < Settings.NO_LIMIT || steps == 0 || steps > Integer.MAX_VALUE) {
            throw fields.refusal("max_episode_steps", "a number of steps, 1 or more, or -1 for no limit");
        }
        return steps.intValue();
    }

    private void requireRoomFor(Opening opening) {
        int rows = opening.rows();
        if (rows > limits.maxRows()) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "open refused num_envs=" + rows,
                    "a session of this server has at most " + limits.maxRows() + " rows",
                    "open several sessions, or start the server with a larger --max-envs");
        }
    }

    /// One row is reset by its client, a batch by itself, unless the client says otherwise.
    private static Autoreset defaultAutoreset(@Nullable Long rows) {
        return rows == null || rows == 1 ? Autoreset.DISABLED : Autoreset.NEXT_STEP;
    }

    private @Nullable Long seed() {
        return defaultOpening == null ? null : defaultOpening.seed();
    }

    private String anyEnvironment() {
        return catalogue.specs().stream().map(Spec::id).findFirst().orElse("NAME");
    }

    private void requireNoOptions(Map<String, String> given) {
        if (defaultOpening == null && !given.isEmpty()) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused the address' options " + given.keySet(),
                    "neither it nor the server names an environment that could take them",
                    "add env=NAME to the address");
        }
    }

    /// How the rules are run is not for clients to say: it may name a program.
    private static void requireNoHostOptions(Spec spec, Map<String, ?> given) {
        for (String name : spec.hostOptions()) {
            if (given.containsKey(name)) {
                throw new HyperTokenException(
                        BAD_OPTION,
                        spec.id() + " refused option " + name,
                        "it says how the server runs the rules",
                        "leave it out; whoever starts the server may give it");
            }
        }
    }

    /// What the server was started with for its own environment.
    private Map<String, Object> hostOptions(Spec spec) {
        if (defaultOpening == null || !defaultOpening.spec().id().equals(spec.id())) {
            return Map.of();
        }
        var options = new LinkedHashMap<String, Object>();
        spec.hostOptions()
                .forEach(name ->
                        options.put(name, defaultOpening.options().values().get(name)));
        return options;
    }

    private Spec find(String id) {
        guests.require(id, ownId());
        return catalogue.find(id);
    }

    private @Nullable String ownId() {
        return defaultOpening == null ? null : defaultOpening.spec().id();
    }
}
