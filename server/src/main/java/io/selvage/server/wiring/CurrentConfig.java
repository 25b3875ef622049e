package io.selvage.server.wiring;

/// The current configuration: the one reference that a reload replaces. Any thread.
final class CurrentConfig {
    private volatile RuntimeConfig config;

    CurrentConfig(RuntimeConfig first) {
        config = first;
    }

    RuntimeConfig get() {
        return config;
    }

    /// Replaces the configuration. Requests in progress keep the configuration that they read at their start.
    ///
    /// @return the replaced configuration
    RuntimeConfig replace(RuntimeConfig next) {
        RuntimeConfig old = config;
        config = next;
        return old;
    }
}
