package io.selvage.server.net;

/// Serves connections. Handlers form a chain: one may read and write first (a PROXY protocol header, a TLS handshake), wrap the
/// connection, and pass the wrapped one on to the next.
@FunctionalInterface
public interface ConnectionHandler {

    /// Serves one connection until it ends. Runs on the connection's own virtual thread. The caller closes the connection
    /// afterwards; a handler closes one itself only to end it early.
    ///
    /// @param draining requests the end of the connection
    void serve(Connection connection, DrainSignal draining);
}
