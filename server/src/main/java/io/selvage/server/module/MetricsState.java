package io.selvage.server.module;

import io.selvage.server.metrics.Metrics;
import io.selvage.server.net.Io;
import io.selvage.server.observe.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The metrics of the process, which exist while a configuration asks for them. Thread-safe.
public final class MetricsState {
    private final Io io;
    private final Consumer<String> warn;
    private final List<Consumer<Metrics>> families = new ArrayList<>();    // guarded by this
    private @Nullable Running running;                                     // guarded by this

    /// What exists while metrics are counted.
    public record Running(Traffic traffic, Metrics metrics) {
    }

    MetricsState(Io io, Consumer<String> warn) {
        this.io = io;
        this.warn = warn;
    }

    /// Adds families of metrics. Called once for each object that has values to show, whether metrics exist or not.
    ///
    /// @param register adds them, whenever metrics are started; the values are read only when they are asked for
    public synchronized void add(Consumer<Metrics> register) {
        families.add(register);
        if (running != null) {
            register.accept(running.metrics());
        }
    }

    /// Starts the metrics, unless they exist.
    ///
    /// @param shown whether the admin API shows slow requests with the pauses of the JVM
    synchronized Running start(boolean shown) {
        Running known = running;
        if (known == null) {
            Traffic traffic = Traffic.start(io, warn);
            known = new Running(traffic, new Metrics(traffic, warn));
            running = known;
            for (Consumer<Metrics> register : families) {
                register.accept(known.metrics());
            }
        }
        if (shown) {
            known.traffic().followPauses();
        }
        return known;
    }

    /// The metrics; empty if no configuration asks for them.
    public synchronized Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    /// Ends the metrics. What was counted is forgotten.
    public synchronized void stop() {
        if (running != null) {
            running.traffic().close();
            running = null;
        }
    }
}
