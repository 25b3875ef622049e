package io.selvage.server.http;

/// Copies bytes both ways after a protocol change, until one side has ended or failed.
public interface UpgradeHandler extends AutoCloseable {

    /// Runs on the client connection's thread until the tunnel ends. Both sides are of no further use then.
    ///
    /// @param client what was read ahead of it is read first
    /// @return the number of bytes that went to the client
    long run(DuplexStream client);

    /// Gives up the peer's side of a tunnel that is never run.
    @Override
    void close();
}
