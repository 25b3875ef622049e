package io.selvage.server.module;

import io.selvage.cache.FileCacheCounts;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.CarrierSnapshot.OfCarrier;
import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.metrics.MetricName;
import io.selvage.server.metrics.MetricValues;
import io.selvage.server.metrics.Metrics;
import io.selvage.server.trace.SpanExport;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The families of metrics about what outlives a configuration: event loops, files in memory, certificates, traces.
///
/// @param engine the event loops
/// @param caches the counts of all file caches, which are added up
/// @param certificates when each certificate ends, by its name
/// @param spans what was exported of traces
record StateFamilies(Supplier<CarrierSnapshot> engine, Supplier<Collection<FileCacheCounts>> caches,
        Supplier<Map<String, Instant>> certificates, Supplier<SpanExport.Counts> spans) {
    private static final double SECOND = 1e9;

    void register(Metrics metrics) {
        registerEngine(metrics);
        registerCaches(metrics);
        registerSpans(metrics);
        metrics.info(new MetricName("selvage_build_info", "The version of Selvage and of the JVM.", "version", "java"),
                ProductVersion.NUMBER, Runtime.version().toString());
        metrics.gauge(new MetricName("selvage_certificate_expiry_timestamp_seconds",
                "When a certificate ends, in seconds since 1970.", "certificate"), values ->
                certificates.get().forEach((name, end) -> values.add(end.getEpochSecond(), name)));
    }

    private void registerEngine(Metrics metrics) {
        metrics.gauge(new MetricName("selvage_virtual_threads", "Virtual threads of connections, streams and other work."),
                values -> values.add(ThreadRegistry.count()));
        metrics.gauge(carrier("connections", "Connections of clients on an event loop."), each(OfCarrier::connections));
        metrics.gauge(carrier("queued_tasks", "Tasks that wait for an event loop."), each(OfCarrier::queued));
        metrics.counter(carrier("tasks_total", "Tasks that an event loop has started."), each(OfCarrier::tasks));
        metrics.counter(carrier("polls_total", "How often an event loop has looked at its channels."), each(OfCarrier::turns));
        metrics.counter(carrier("cpu_seconds_total", "Processor time that an event loop has used."),
                each(carrier -> carrier.cpuNanos() / SECOND));
        metrics.gauge(carrier("longest_burst_seconds", "The longest time between two looks at the channels."),
                each(carrier -> carrier.stalls().longestNanos() / SECOND));
        metrics.gauge(carrier("stuck", "1 if an event loop does not look at its channels now."),
                each(carrier -> carrier.stalls().stuck() ? 1 : 0));
        metrics.counter(carrier("stalls_total", "How often an event loop was stuck."),
                each(carrier -> carrier.stalls().episodes()));
    }

    private static MetricName carrier(String name, String help) {
        return new MetricName("selvage_carrier_" + name, help, "carrier");
    }

    private Consumer<MetricValues> each(ToDoubleFunction<OfCarrier> value) {
        return values -> engine.get().carriers().forEach(carrier -> values.add(value.applyAsDouble(carrier), carrier.name()));
    }

    private void registerCaches(Metrics metrics) {
        metrics.gauge(new MetricName("selvage_file_cache_entries", "Names of files that are remembered."),
                sum(FileCacheCounts::entries));
        metrics.gauge(new MetricName("selvage_file_cache_bytes", "Memory that remembered files take."),
                sum(FileCacheCounts::bytes));
        metrics.counter(new MetricName("selvage_file_cache_hits_total", "Lookups of remembered names."),
                sum(FileCacheCounts::hits));
        metrics.counter(new MetricName("selvage_file_cache_misses_total", "Lookups of other names."),
                sum(FileCacheCounts::misses));
        metrics.counter(new MetricName("selvage_file_cache_evictions_total", "Names forgotten for lack of room or of use."),
                sum(FileCacheCounts::evicted));
    }

    private void registerSpans(Metrics metrics) {
        metrics.counter(new MetricName("selvage_spans_exported_total", "Spans that a receiver has taken."),
                values -> values.add(spans.get().exported()));
        metrics.counter(new MetricName("selvage_spans_dropped_total", "Spans that no receiver will get."),
                values -> values.add(spans.get().dropped()));
        metrics.gauge(new MetricName("selvage_spans_waiting", "Spans that wait to be exported."),
                values -> values.add(spans.get().waiting()));
    }

    private Consumer<MetricValues> sum(ToDoubleFunction<FileCacheCounts> value) {
        return values -> values.add(caches.get().stream().mapToDouble(value).sum());
    }
}
