package io.hypertoken.server.bridge;

import io.hypertoken.ErrorCode;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;

/// What conversations count; safe for any thread.
final class BridgeMetrics {
    private static final double NANOS = 1e-9;

    private final Counter errors;
    private final Counter steps;
    private final Counter quarantined;
    private final DistributionDataPoint latency;
    private final CounterDataPoint[] byCommand;
    private final CounterDataPoint batches;
    private final CounterDataPoint unknown;

    BridgeMetrics(PrometheusRegistry registry) {
        Counter messages = counter(registry, "hypertoken_messages_total", "Messages received.", "command");
        errors = counter(registry, "hypertoken_errors_total", "Messages refused, by code.", "code");
        steps = counter(registry, "hypertoken_steps_total", "Rows stepped.");
        quarantined = counter(
                registry, "hypertoken_quarantined_rows_total", "Rows whose environment threw and was replaced.");
        latency = Histogram.builder()
                .name("hypertoken_request_seconds")
                .help("From a message's arrival to its reply being handed to the socket.")
                .classicOnly()
                .classicUpperBounds(1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1)
                .withoutExemplars()
                .register(registry);
        byCommand = Arrays.stream(Command.values())
                .map(command -> messages.labelValues(command.wireName()))
                .toArray(CounterDataPoint[]::new);
        batches = messages.labelValues("batch");
        unknown = messages.labelValues("unknown");
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

    void stepped(long rows) {
        steps.inc(rows);
    }

    void quarantined(long rows) {
        quarantined.inc(rows);
    }

    void answered(long nanos) {
        latency.observe(nanos * NANOS);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }
}
