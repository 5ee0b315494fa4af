package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Listener;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.http.Protocol;
import io.hypertoken.server.http.Upgrade;
import io.hypertoken.server.session.SessionMetrics;
import io.hypertoken.server.session.Sessions;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The bridge protocol for whichever port speaks it: its sessions, and the conversations about them. Safe for any
/// thread.
public final class BridgeService implements Protocol {
    private final Sessions sessions;
    private final BridgeProtocol protocol;

    /// @param listener whose timer keeps the sessions' deadlines
    /// @param metrics where it counts
    public BridgeService(BridgeSettings settings, Listener listener, Metrics metrics) {
        this(settings, listener, metrics, System::nanoTime);
    }

    BridgeService(BridgeSettings settings, Listener listener, Metrics metrics, LongSupplier nanoClock) {
        sessions = new Sessions(
                settings.limits(),
                metrics.budget(),
                new SessionMetrics(metrics.registry(), metrics::refused),
                settings.ours(),
                settings.sessions(),
                listener.timer(),
                nanoClock);
        sessions.start();
        protocol = new BridgeProtocol(new BridgeContext(
                settings, sessions, new BridgeMetrics(metrics.registry()), metrics::refused, nanoClock));
    }

    /// @throws HyperTokenException what is wrong with the address
    @Override
    public Conversation accept(Upgrade upgrade, Connection connection) {
        return protocol.accept(upgrade, connection);
    }

    /// What anybody may know of the sessions that are open; the beginning of an id is not the key to it.
    public List<Map<String, @Nullable Object>> openSessions() {
        return sessions.told();
    }

    /// Ends all sessions.
    ///
    /// @return how many are left behind because their steps have not ended in that time
    public int close(long millis) {
        return sessions.close(millis);
    }

    Sessions sessions() {
        return sessions;
    }
}
