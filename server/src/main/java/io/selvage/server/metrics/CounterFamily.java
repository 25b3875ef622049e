package io.selvage.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/// A family of values that only rise. The formats add `_total` to its name.
final class CounterFamily implements Collector {
    private static final String TOTAL = "_total";

    private final MetricName name;
    private final LabelLimit limit;

    CounterFamily(MetricName name, Consumer<MetricValues> read, Consumer<String> warn) {
        this.name = name;
        this.limit = new LabelLimit(name, read, warn);
    }

    @Override
    public MetricSnapshot collect() {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(getPrometheusName()).help(name.help());
        limit.values().forEach((labels, value) ->
                family.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return family.build();
    }

    @Override
    public String getPrometheusName() {
        return name.name().substring(0, name.name().length() - TOTAL.length());
    }
}
