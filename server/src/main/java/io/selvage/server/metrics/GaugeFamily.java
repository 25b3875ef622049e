package io.selvage.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/// A family of values that can rise and fall.
final class GaugeFamily implements Collector {
    private final MetricName name;
    private final LabelLimit limit;

    GaugeFamily(MetricName name, Consumer<MetricValues> read, Consumer<String> warn) {
        this.name = name;
        this.limit = new LabelLimit(name, read, warn);
    }

    @Override
    public MetricSnapshot collect() {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(getPrometheusName()).help(name.help());
        limit.values().forEach((labels, value) ->
                family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return family.build();
    }

    @Override
    public String getPrometheusName() {
        return name.name();
    }
}
