package io.hypertoken.server.relay;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Consumer;

/// What a relay counts. Safe for any thread.
final class RelayMetrics {
    private final Gauge pages;
    private final Gauge instances;
    private final Counter rows;
    private final Consumer<String> refused;

    /// @param refused counts what every port counts, by its reason
    RelayMetrics(PrometheusRegistry registry, Consumer<String> refused) {
        this.refused = refused;
        pages = Gauge.builder()
                .name("hypertoken_relay_pages")
                .help("Pages that host a game.")
                .register(registry);
        instances = Gauge.builder()
                .name("hypertoken_relay_instances")
                .help("Instances of games that pages host.")
                .register(registry);
        rows = Counter.builder()
                .name("hypertoken_relay_rows_total")
                .help("Rows that pages were asked to step or reset.")
                .withoutExemplars()
                .register(registry);
    }

    void pages(int open, int hosted) {
        pages.set(open);
        instances.set(hosted);
    }

    void asked(int count) {
        rows.inc(count);
    }

    void refused(String reason) {
        refused.accept(reason);
    }
}
