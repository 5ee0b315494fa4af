package io.hypertoken.server.events;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// What the hub counts; safe for any thread.
final class HubMetrics {
    private final Counter stored;
    private final Counter sent;
    private final CounterDataPoint droppedForSlow;
    private final CounterDataPoint droppedFull;
    private final Counter conflated;
    private final Counter disconnected;
    private final Counter refused;
    private final Counter failed;
    private final Counter repeated;
    private final Gauge clients;
    private final AtomicLong droppedForSlowInAll = new AtomicLong();
    private final AtomicLong conflatedInAll = new AtomicLong();
    private final AtomicLong refusedInAll = new AtomicLong();

    /// @param logBytes the size of the log
    /// @param logSeq its newest event
    HubMetrics(PrometheusRegistry registry, LongSupplier logBytes, LongSupplier logSeq) {
        stored = counter(registry, "hypertoken_events_total", "Events stored in the log.");
        sent = counter(registry, "hypertoken_events_sent_total", "Events given to clients.");
        Counter dropped = counter(
                registry,
                "hypertoken_events_dropped_total",
                "Events left out: a client read too slowly, or the hub did not keep up with this process' producers.",
                "where");
        droppedForSlow = dropped.labelValues("client");
        droppedFull = dropped.labelValues("producer");
        conflated = counter(
                registry,
                "hypertoken_events_conflated_total",
                "Updates that a slow client got a newer one of instead.");
        disconnected = counter(
                registry,
                "hypertoken_events_slow_disconnected_total",
                "Clients disconnected because they read slowly.");
        refused = counter(registry, "hypertoken_events_refused_total", "Published events that were refused.");
        failed = counter(registry, "hypertoken_events_failed_total", "Events that the log could not store.");
        repeated =
                counter(registry, "hypertoken_events_repeated_total", "Events whose event_id had been stored already.");
        clients = Gauge.builder()
                .name("hypertoken_events_clients")
                .help("Clients of the events hub, by WebSocket or stream.")
                .register(registry);
        gauge(registry, "hypertoken_events_log_bytes", "What the log keeps.", logBytes);
        gauge(registry, "hypertoken_events_log_seq", "The newest event's number.", logSeq);
    }

    void stored(int events) {
        stored.inc(events);
    }

    void sent(int events) {
        sent.inc(events);
    }

    void droppedForSlow(long events) {
        droppedForSlow.inc(events);
        droppedForSlowInAll.addAndGet(events);
    }

    long droppedForSlowInAll() {
        return droppedForSlowInAll.get();
    }

    void droppedFull(long events) {
        droppedFull.inc(events);
    }

    void conflated(long events) {
        conflated.inc(events);
        conflatedInAll.addAndGet(events);
    }

    long conflatedInAll() {
        return conflatedInAll.get();
    }

    void slowDisconnected() {
        disconnected.inc();
    }

    void refused() {
        refused.inc();
        refusedInAll.incrementAndGet();
    }

    long refusedInAll() {
        return refusedInAll.get();
    }

    void failed(int events) {
        failed.inc(events);
    }

    void repeated() {
        repeated.inc();
    }

    void clients(int count) {
        clients.set(count);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(told -> told.call(value.getAsLong()))
                .register(registry);
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
