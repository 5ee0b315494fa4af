package io.hypertoken.server.relay;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.bridge.BridgeService;
import io.hypertoken.server.bridge.BridgeSettings;
import io.hypertoken.server.http.Listener;
import io.hypertoken.server.http.Metrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running relay of browser games. Safe for any thread.
///
/* It sends no pings: a player that trains between two steps answers none, and a page that hangs answers them all. Dead
peers are found by TCP, as the bridge finds them, and pages that hang by their deadlines. */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final AtomicReference<@Nullable Relay> HERE = new AtomicReference<>();
    private static final long SWEEP_MILLIS = 50;
    /// Who has gone holds up pages that others wait for.
    private static final int LEASE_SECONDS = 5;

    private static final long SESSIONS_STOP_MILLIS = 500;

    private final Listener listener;
    private final BridgeService bridge;
    private final Switchboard switchboard;
    private boolean stopped;

    private Relay(RelaySettings settings) {
        Metrics metrics = settings.metrics() == null ? Metrics.within(settings.limits()) : settings.metrics();
        listener = new Listener(settings.listener(), metrics.budget(), metrics);
        switchboard = new Switchboard(new RelayMetrics(metrics.registry(), metrics::refused), System::nanoTime);
        bridge = new BridgeService(
                new BridgeSettings(settings.catalogue(), settings.opening(), 0)
                        .limits(settings.limits().leaseSeconds(LEASE_SECONDS))
                        .allowedGuests(Stream.concat(Stream.of("browser:*"), settings.allowedGuests().stream())
                                .toList())
                        .sessions(settings.sessions())
                        .version(settings.version()),
                listener,
                metrics);
        listener.start(new RelayProtocol(switchboard, bridge, settings));
        listener.timer().scheduleWithFixedDelay(switchboard::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Listens until it is closed.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot, as when another program has the port
    public static Relay start(RelaySettings settings) {
        var relay = new Relay(settings);
        HERE.compareAndSet(null, relay);
        LOG.info("relaying browser games at {}", relay.url());
        return relay;
    }

    /// The relay of this process that began first; null if none runs.
    public static @Nullable Relay here() {
        return HERE.get();
    }

    /// The port, also where a free one was asked for.
    public int port() {
        return listener.port();
    }

    /// Where pages and players connect.
    public String url() {
        return "ws://" + listener.authority();
    }

    /// The games that pages host, each with its pages and instances.
    public List<Map<String, @Nullable Object>> games() {
        return switchboard.games();
    }

    /// What anybody may know of the sessions that players have opened here.
    public List<Map<String, @Nullable Object>> openSessions() {
        return bridge.openSessions();
    }

    /// Stops: takes nobody else in, and closes each connection with 1001; returns in less than five seconds.
    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        HERE.compareAndSet(this, null);
        listener.stop();
        bridge.close(SESSIONS_STOP_MILLIS);
        listener.close();
    }
}
