package io.selvage.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The values of a family at one moment. At most [#MOST] sets of labels have a value of their own; the others are added up with
/// the label `other`.
final class CollectedValues implements MetricValues {
    static final int MOST = 1000;
    static final String OTHER = "other";

    private final MetricName name;
    private final Map<List<String>, Double> values = new LinkedHashMap<>();
    private boolean full;

    private CollectedValues(MetricName name) {
        this.name = name;
    }

    static CollectedValues of(MetricName name, Consumer<MetricValues> read) {
        CollectedValues collected = new CollectedValues(name);
        read.accept(collected);
        return collected;
    }

    @Override
    public void add(double value, String... labels) {
        if (labels.length != name.labels().size()) {
            throw new IllegalArgumentException(name.name() + " has the labels " + name.labels());
        }
        List<String> key = List.of(labels);
        if (values.size() >= MOST && !values.containsKey(key)) {
            full = true;
            key = Collections.nCopies(labels.length, OTHER);
        }
        values.merge(key, value, Double::sum);
    }

    /// True if not every set of labels has a value of its own.
    boolean isFull() {
        return full;
    }

    interface Sink {
        void take(Labels labels, double value);
    }

    void forEach(Sink sink) {
        values.forEach((labels, value) -> sink.take(Labels.of(name.labels(), labels), value));
    }
}
