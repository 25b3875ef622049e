package io.selvage.server.tls;

/// Chooses what a client is offered, from the first thing that it says.
@FunctionalInterface
public interface PolicyChooser {

    /// Called once for each connection, on its virtual thread, before anything is sent. Must not block.
    TlsPolicy choose(ClientHello hello);
}
