package io.selvage.server.metrics;

import java.util.List;

/// A family of metrics.
///
/// @param name with its unit at the end, such as `selvage_queue_wait_seconds`
/// @param help one sentence
/// @param labels the names of the labels
public record MetricName(String name, String help, List<String> labels) {
    public MetricName {
        labels = List.copyOf(labels);
    }

    public MetricName(String name, String help, String... labels) {
        this(name, help, List.of(labels));
    }
}
