package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.Listener;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.session.Sessions;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server of the bridge protocol.
///
/// Safe for any thread.
public final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final long SESSIONS_STOP_MILLIS = 500;

    private final Listener listener;
    private final BridgeService service;
    private boolean stopped;

    private Bridge(BridgeSettings settings, LongSupplier nanoClock) {
        Limits limits = settings.limits();
        Metrics metrics = settings.metrics();
        if (metrics == null) {
            metrics = Metrics.within(limits);
        }
        listener = new Listener(
                new ListenerSettings(settings.host(), settings.port(), settings.access(), limits),
                metrics.budget(),
                metrics);
        service = new BridgeService(settings, listener, metrics, nanoClock);
        listener.start(service);
        LOG.info("serving {} environments at {}", settings.catalogue().specs().size(), url());
    }

    /// Listens at the settings' host and port until it is closed.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot, as when another program has the port
    public static Bridge start(BridgeSettings settings) {
        return start(settings, System::nanoTime);
    }

    /// As [#start(BridgeSettings)], with a clock of the caller's.
    static Bridge start(BridgeSettings settings, LongSupplier nanoClock) {
        return new Bridge(settings, nanoClock);
    }

    /// The port, also where a free one was asked for.
    public int port() {
        return listener.port();
    }

    /// Where clients connect.
    public String url() {
        return "ws://" + listener.authority();
    }

    /// What anybody may know of the sessions that are open; the beginning of an id is not the key to it.
    public List<Map<String, @Nullable Object>> openSessions() {
        return service.openSessions();
    }

    /// Stops: takes nobody else in, lets every reply under way reach its socket, closes each connection with 1001, and
    /// ends all sessions; returns when that is done, in less than five seconds. A step that does not end in that time
    /// is
    /// left behind on a daemon thread.
    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        boolean inOrder = listener.stop();
        int left = service.close(SESSIONS_STOP_MILLIS);
        listener.close();
        if (inOrder && left == 0) {
            LOG.info("stopped");
        } else {
            LOG.warn("stopped; left behind {} sessions whose steps have not ended", left);
        }
    }

    Sessions sessions() {
        return service.sessions();
    }
}
