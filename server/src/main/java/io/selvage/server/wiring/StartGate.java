package io.selvage.server.wiring;

import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Holds the connections that are accepted while the server starts, until the user of the process has changed: none may be served
/// with the rights of root. Thread-safe.
final class StartGate {
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();

    /// Lets the waiting connections, and all later ones, pass.
    void open() {
        started.complete(true);
    }

    /// Ends the wait without service, if the start has failed. Without effect on an open gate.
    void close() {
        started.complete(false);
    }

    /// As [ConnectionRoute#find], after the end of the start. Empty if it failed.
    Optional<ConnectionRoute> route(CurrentConfig current, SocketAddress listening, SocketAddress local) {
        return started.join() ? ConnectionRoute.find(current, listening, local) : Optional.empty();
    }
}
