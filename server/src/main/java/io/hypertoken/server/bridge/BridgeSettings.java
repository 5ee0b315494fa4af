package io.hypertoken.server.bridge;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.SessionListener;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a bridge serves, to whom, and where; immutable: each setter returns a changed copy.
public final class BridgeSettings implements Cloneable {
    private final Catalogue catalogue;
    private final @Nullable Opening defaultOpening;
    private final int port;
    private String host = "127.0.0.1";
    private AccessRules access = AccessRules.LOCAL;
    private Limits limits = Limits.DEFAULT;
    private List<String> allowedGuests = List.of();
    private Predicate<Spec> ours = any -> true;
    private SessionListener sessions = SessionListener.NONE;
    private @Nullable Metrics metrics;
    private boolean verbose;
    private String version = "development";

    /// Listens on loopback, open to every program on this machine.
    ///
    /// @param catalogue the environments that clients may open
    /// @param defaultOpening what a client gets that names no environment; null if it must name one
    /// @param port 0 for any free one
    public BridgeSettings(Catalogue catalogue, @Nullable Opening defaultOpening, int port) {
        this.catalogue = catalogue;
        this.defaultOpening = defaultOpening;
        this.port = port;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    @Nullable
    Opening defaultOpening() {
        return defaultOpening;
    }

    int port() {
        return port;
    }

    String host() {
        return host;
    }

    /// With another address to listen on.
    public BridgeSettings host(String address) {
        return with(copy -> copy.host = address);
    }

    AccessRules access() {
        return access;
    }

    /// With other rules of who may connect.
    public BridgeSettings access(AccessRules rules) {
        return with(copy -> copy.access = rules);
    }

    Limits limits() {
        return limits;
    }

    /// With other limits.
    public BridgeSettings limits(Limits others) {
        return with(copy -> copy.limits = others);
    }

    List<String> allowedGuests() {
        return allowedGuests;
    }

    /// With patterns of the prefixed ids that clients may open, such as `gym:CartPole-*`; else none but the server's
    /// own.
    public BridgeSettings allowedGuests(List<String> globs) {
        return with(copy -> copy.allowedGuests = List.copyOf(globs));
    }

    Predicate<Spec> ours() {
        return ours;
    }

    /// With another judgement of whose environments are known to be quick and never to hang; each of the others steps
    /// on
    /// a thread of its own.
    public BridgeSettings ours(Predicate<Spec> whose) {
        return with(copy -> copy.ours = whose);
    }

    SessionListener sessions() {
        return sessions;
    }

    /// With somebody who hears of each session, and of what its environment tells.
    public BridgeSettings sessions(SessionListener listener) {
        return with(copy -> copy.sessions = listener);
    }

    @Nullable
    Metrics metrics() {
        return metrics;
    }

    /// With metrics and a memory budget that another port of the process counts in too.
    public BridgeSettings metrics(Metrics shared) {
        return with(copy -> copy.metrics = shared);
    }

    boolean verbose() {
        return verbose;
    }

    /// With or without a log line for each message.
    public BridgeSettings verbose(boolean logged) {
        return with(copy -> copy.verbose = logged);
    }

    String version() {
        return version;
    }

    /// With the server's version, as `hello` tells it.
    public BridgeSettings version(String told) {
        return with(copy -> copy.version = told);
    }

    private BridgeSettings with(Consumer<BridgeSettings> change) {
        try {
            var copy = (BridgeSettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("settings are cloneable", e);
        }
    }
}
