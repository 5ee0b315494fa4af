package io.hypertoken.server.relay;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.SessionListener;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a relay listens, to whom, and what it serves beside games; immutable: each setter returns a changed copy.
public final class RelaySettings implements Cloneable {
    /// Where relays are, unless somebody says otherwise.
    public static final int PORT = 8765;

    private final Catalogue catalogue;
    private final int port;
    private List<String> hosts = List.of("127.0.0.1", "::1");
    private String advice = ListenerSettings.ADVICE;
    private AccessRules access = AccessRules.LOCAL;
    private Limits limits = Limits.DEFAULT;
    private List<String> allowedGuests = List.of();
    private SessionListener sessions = SessionListener.NONE;
    private @Nullable Opening opening;
    private @Nullable Path pages;
    private @Nullable Metrics metrics;
    private String version = "development";

    /// Listens on both loopbacks, open to every program on this machine.
    ///
    /// @param catalogue what players that speak the bridge's protocol may open, and where `browser:` is resolved
    /// @param port 0 for any free one
    public RelaySettings(Catalogue catalogue, int port) {
        this.catalogue = catalogue;
        this.port = port;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /// What viewers' actions and seed 003's messages step, when there is such an environment; else the game that pages
    /// host.
    @Nullable
    Opening opening() {
        return opening;
    }

    /// With an environment of the server's own for whoever names none.
    public RelaySettings opening(@Nullable Opening ofThose) {
        return with(copy -> copy.opening = ofThose);
    }

    Limits limits() {
        return limits;
    }

    /// With other limits.
    public RelaySettings limits(Limits others) {
        return with(copy -> copy.limits = others);
    }

    AccessRules access() {
        return access;
    }

    /// With other rules of who may connect.
    public RelaySettings access(AccessRules rules) {
        return with(copy -> copy.access = rules);
    }

    /// With other addresses to listen on.
    ///
    /// @param told what to do where the port is taken
    public RelaySettings at(List<String> addresses, String told) {
        return with(copy -> {
            copy.hosts = List.copyOf(addresses);
            copy.advice = told;
        });
    }

    List<String> allowedGuests() {
        return allowedGuests;
    }

    /// With patterns of further prefixed ids that players may open; what pages host they may open always.
    public RelaySettings allowedGuests(List<String> globs) {
        return with(copy -> copy.allowedGuests = List.copyOf(globs));
    }

    SessionListener sessions() {
        return sessions;
    }

    /// With somebody who hears of each session.
    public RelaySettings sessions(SessionListener listener) {
        return with(copy -> copy.sessions = listener);
    }

    @Nullable
    Path pages() {
        return pages;
    }

    /// With a folder of files that the relay serves.
    public RelaySettings pages(@Nullable Path folder) {
        return with(copy -> copy.pages = folder);
    }

    @Nullable
    Metrics metrics() {
        return metrics;
    }

    /// With metrics that another port of the process counts in too.
    public RelaySettings metrics(Metrics shared) {
        return with(copy -> copy.metrics = shared);
    }

    String version() {
        return version;
    }

    /// With the server's version.
    public RelaySettings version(String told) {
        return with(copy -> copy.version = told);
    }

    ListenerSettings listener() {
        return new ListenerSettings(hosts, port, advice, access, limits, 0);
    }

    private RelaySettings with(Consumer<RelaySettings> change) {
        try {
            var copy = (RelaySettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("settings are cloneable", e);
        }
    }
}
