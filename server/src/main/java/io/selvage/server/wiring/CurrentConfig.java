package io.selvage.server.wiring;

/// The configuration in force: the one reference that a reload replaces. Any thread.
final class CurrentConfig {
    private volatile RuntimeConfig config;

    CurrentConfig(RuntimeConfig first) {
        config = first;
    }

    RuntimeConfig get() {
        return config;
    }

    /// Puts the next configuration in force. Requests under way keep the one that they read at their start.
    ///
    /// @return the one that was in force
    RuntimeConfig replace(RuntimeConfig next) {
        RuntimeConfig old = config;
        config = next;
        return old;
    }
}
