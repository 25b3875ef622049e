package io.selvage.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/// A family that is always 1, and says something in its labels.
///
/// @param name ends with `_info`
/// @param values of the labels, in their order
record InfoFamily(MetricName name, List<String> values) implements Collector {
    private static final String SUFFIX = "_info";

    InfoFamily {
        values = List.copyOf(values);
    }

    @Override
    public MetricSnapshot collect() {
        return InfoSnapshot.builder().name(getPrometheusName()).help(name.help())
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(Labels.of(name.labels(), values)).build())
                .build();
    }

    /// Without the suffix, which the formats add.
    @Override
    public String getPrometheusName() {
        return name.name().substring(0, name.name().length() - SUFFIX.length());
    }
}
