package io.selvage.server.wiring;

/// The graph that requests go through now: the one thing that a reload changes.
///
/// A request reads it once and keeps what it found, so it ends in the configuration in which it began.
final class Live {
    private volatile RuntimeConfig graph;

    Live(RuntimeConfig first) {
        graph = first;
    }

    RuntimeConfig graph() {
        return graph;
    }

    /// Puts a graph in the place of the one there.
    ///
    /// @return the old one, which requests under way still use
    RuntimeConfig swap(RuntimeConfig next) {
        RuntimeConfig old = graph;
        graph = next;
        return old;
    }
}
