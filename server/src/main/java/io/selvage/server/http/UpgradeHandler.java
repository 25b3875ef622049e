package io.selvage.server.http;

import io.selvage.server.net.Connection;

/// Carries bytes both ways after a protocol change, until one side ends or both are silent too long.
public interface UpgradeHandler extends AutoCloseable {

    /// Runs on the client connection's thread until the tunnel ends. Both connections are of no further use then.
    ///
    /// @param client what it read ahead is read first
    /// @return the number of bytes that went to the client
    long run(Connection client);

    /// Gives up the peer's side of a tunnel that is never run.
    @Override
    void close();
}
