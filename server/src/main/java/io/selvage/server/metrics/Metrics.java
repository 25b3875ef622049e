package io.selvage.server.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.selvage.server.observe.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// All metrics of the process. Thread-safe; reading them may wait for locks, so it does not happen on a carrier.
///
/// A family of metrics is read only when the metrics are asked for. Names follow the conventions of Prometheus: base units,
/// and the prefix `selvage_`.
public final class Metrics {
    private static final ExpositionFormatWriter PROMETHEUS = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Consumer<String> warn;

    /// All metrics in one of the formats.
    ///
    /// @param contentType the format
    /// @param text in UTF-8, or messages
    public record Page(String contentType, byte[] text) {
    }

    /// @param traffic what was counted of requests
    /// @param warn receives a line when a family has too many label values; must not wait
    public Metrics(Traffic traffic, Consumer<String> warn) {
        this.warn = warn;
        TrafficFamilies.register(this, traffic);
        JvmFamilies.register(registry);
    }

    /// Adds a value that can rise and fall.
    ///
    /// @param read called at each reading, on any thread
    public void gauge(MetricName name, Consumer<MetricValues> read) {
        registry.register(new GaugeFamily(name, read, warn));
    }

    /// Adds a value that only rises, from a start of the process or of what it counts.
    ///
    /// @param name ends with `_total`
    /// @param read called at each reading, on any thread
    public void counter(MetricName name, Consumer<MetricValues> read) {
        registry.register(new CounterFamily(name, read, warn));
    }

    /// Adds what does not change.
    ///
    /// @param name ends with `_info`
    /// @param values of the labels, in their order
    public void info(MetricName name, String... values) {
        registry.register(new InfoFamily(name, List.of(values)));
    }

    void register(MultiCollector families) {
        registry.register(families);
    }

    /// All metrics.
    ///
    /// @param accept the field `Accept` of the request: messages of Protocol Buffers or OpenMetrics for clients that
    ///         ask for them, the text format of Prometheus for others
    public Page page(Optional<String> accept) {
        if (accept.isPresent() && ProtobufFormat.isAccepted(accept.get())) {
            return new Page(ProtobufFormat.CONTENT_TYPE, ProtobufFormat.write(registry.scrape()));
        }
        ExpositionFormatWriter writer = accept.isPresent() && OPEN_METRICS.accepts(accept.get()) ? OPEN_METRICS : PROMETHEUS;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);                   // of a stream in memory
        }
        return new Page(writer.getContentType(), text.toByteArray());
    }
}
