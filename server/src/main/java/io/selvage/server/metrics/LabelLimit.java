package io.selvage.server.metrics;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Reads the values of a family, and warns once if it has too many sets of labels. Thread-safe.
final class LabelLimit {
    private final MetricName name;
    private final Consumer<MetricValues> read;
    private final Consumer<String> warn;
    private final AtomicBoolean warned = new AtomicBoolean();

    LabelLimit(MetricName name, Consumer<MetricValues> read, Consumer<String> warn) {
        this.name = name;
        this.read = read;
        this.warn = warn;
    }

    CollectedValues values() {
        CollectedValues values = CollectedValues.of(name, read);
        if (values.isFull() && warned.compareAndSet(false, true)) {
            warn.accept("the metric " + name.name() + " has more than " + CollectedValues.MOST
                    + " sets of labels: what exceeds that has the label \"" + CollectedValues.OTHER + "\"");
        }
        return values;
    }
}
