package io.hypertoken.server.http;

import io.hypertoken.server.Limits;
import io.hypertoken.server.MemoryBudget;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/// What every port counts, as Prometheus reads it; protocols add their own to the registry. Safe for any thread.
public final class Metrics {
    /// What `/metrics` sends.
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final MemoryBudget budget;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge connections = Gauge.builder()
            .name("hypertoken_connections")
            .help("Open WebSocket connections.")
            .register(registry);
    private final Counter refused = Counter.builder()
            .name("hypertoken_refused_total")
            .help("Refused or dropped, by reason.")
            .labelNames("reason")
            .withoutExemplars()
            .register(registry);

    /// @param budget the memory that is told too
    public Metrics(MemoryBudget budget) {
        this.budget = budget;
        GaugeWithCallback.builder()
                .name("hypertoken_memory_bytes")
                .help("Memory that clients hold, by kind.")
                .labelNames("kind")
                .callback(told -> {
                    for (MemoryBudget.Kind kind : MemoryBudget.Kind.values()) {
                        told.call(budget.used(kind), kind.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
    }

    /// Metrics, and the memory budget of everything that counts in them.
    public static Metrics within(Limits limits) {
        return new Metrics(new MemoryBudget(limits.maxMemoryBytes(), Listener.messageMemory()));
    }

    /// The memory that is told.
    public MemoryBudget budget() {
        return budget;
    }

    /// Where further metrics register.
    public PrometheusRegistry registry() {
        return registry;
    }

    /// Somebody or something was turned away, for a reason in a word.
    public void refused(String reason) {
        refused.labelValues(reason).inc();
    }

    void connected() {
        connections.inc();
    }

    void disconnected() {
        connections.dec();
    }

    /// Everything in Prometheus' text format.
    byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out.toByteArray();
    }
}
