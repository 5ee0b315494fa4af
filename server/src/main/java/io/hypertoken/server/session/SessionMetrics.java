package io.hypertoken.server.session;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Consumer;

/// What sessions count; safe for any thread.
public final class SessionMetrics {
    private final Gauge open;
    private final Counter expired;
    private final Counter evicted;
    private final Consumer<String> refused;

    /// @param refused counts a refusal by its reason
    public SessionMetrics(PrometheusRegistry registry, Consumer<String> refused) {
        this.refused = refused;
        open = Gauge.builder()
                .name("hypertoken_sessions")
                .help("Open sessions, with a client or waiting for theirs.")
                .register(registry);
        expired = counter("hypertoken_leases_expired_total", "Sessions whose lease ran out.", registry);
        evicted = counter(
                "hypertoken_evictions_total",
                "Waiting sessions that were ended because too many waited for clients of their address.",
                registry);
    }

    void open(int count) {
        open.set(count);
    }

    void tooMany() {
        refused.accept("sessions");
    }

    void noMemory() {
        refused.accept("memory");
    }

    void leaseExpired() {
        expired.inc();
    }

    void evicted() {
        evicted.inc();
    }

    private static Counter counter(String name, String help, PrometheusRegistry registry) {
        return Counter.builder().name(name).help(help).withoutExemplars().register(registry);
    }
}
