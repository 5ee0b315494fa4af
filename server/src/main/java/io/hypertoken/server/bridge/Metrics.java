package io.hypertoken.server.bridge;

import io.hypertoken.ErrorCode;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// What a bridge counts, as Prometheus reads it; safe for any thread.
final class Metrics {
    /// What `/metrics` sends.
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final double NANOS = 1e-9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge connections = Gauge.builder()
            .name("hypertoken_connections")
            .help("Open WebSocket connections.")
            .register(registry);
    private final Gauge sessions = Gauge.builder()
            .name("hypertoken_sessions")
            .help("Open sessions, with a client or waiting for theirs.")
            .register(registry);
    private final Counter expired = counter("hypertoken_leases_expired_total", "Sessions whose lease ran out.");
    private final Counter messages = counter("hypertoken_messages_total", "Messages received.", "command");
    private final Counter errors = counter("hypertoken_errors_total", "Messages refused, by code.", "code");
    private final Counter refused = counter("hypertoken_refused_total", "Refused at the door, by reason.", "reason");
    private final Counter steps = counter("hypertoken_steps_total", "Rows stepped.");
    private final Counter quarantined =
            counter("hypertoken_quarantined_rows_total", "Rows whose environment threw and was replaced.");
    private final DistributionDataPoint latency = Histogram.builder()
            .name("hypertoken_request_seconds")
            .help("From a message's arrival to its reply being handed to the socket.")
            .classicOnly()
            .classicUpperBounds(1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1)
            .withoutExemplars()
            .register(registry);

    private final CounterDataPoint[] byCommand;
    private final CounterDataPoint batches = messages.labelValues("batch");
    private final CounterDataPoint unknown = messages.labelValues("unknown");

    Metrics() {
        byCommand = Arrays.stream(Command.values())
                .map(command -> messages.labelValues(command.wireName()))
                .toArray(CounterDataPoint[]::new);
    }

    void connected() {
        connections.inc();
    }

    void disconnected() {
        connections.dec();
    }

    void sessions(int count) {
        sessions.set(count);
    }

    void leaseExpired() {
        expired.inc();
    }

    void message(Command command) {
        byCommand[command.ordinal()].inc();
    }

    void batch() {
        batches.inc();
    }

    void unknownMessage() {
        unknown.inc();
    }

    void error(ErrorCode code) {
        errors.labelValues(code.wireName()).inc();
    }

    /// Someone was turned away: `connections`, `sessions`, `token`, `origin`, `rate` or `size`.
    void refused(String reason) {
        refused.labelValues(reason).inc();
    }

    void stepped(long rows) {
        steps.inc(rows);
    }

    void quarantined(long rows) {
        quarantined.inc(rows);
    }

    void answered(long nanos) {
        latency.observe(nanos * NANOS);
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

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }
}
