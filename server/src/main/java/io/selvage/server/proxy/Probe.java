package io.selvage.server.proxy;

import java.util.Optional;

/// Finds out whether a peer is healthy, on a thread of [io.selvage.server.net.Io].
@FunctionalInterface
interface Probe {

    /// Waits for the peer.
    ///
    /// @return why the peer is not healthy, for people; empty if it is
    Optional<String> failure(ProbeRun run);
}
