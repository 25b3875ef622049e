package io.selvage.server.proxy;

import io.selvage.server.net.Io;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A peer is healthy if it accepts connections (`health_check type=tcp`).
///
/// @param port instead of the peer's own; 0 for that one
/// @param timeout the longest wait for a connection
record TcpProbe(Io io, int port, Duration timeout) implements Probe {

    @Override
    public Optional<String> failure(ProbeRun run) {
        try {
            io.connector().connect(PeerAddress.parse(PeerAddress.withPort(run.address(), port)), timeout).close();
            return Optional.empty();
        } catch (TimedOut _) {
            return Optional.of("no connection within " + timeout.toMillis() + " ms");
        } catch (IOException e) {
            return Optional.of("connect() failed (" + e.getMessage() + ")");
        }
    }
}
