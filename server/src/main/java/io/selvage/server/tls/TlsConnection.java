package io.selvage.server.tls;

import io.selvage.server.net.Connection;

/// A connection inside TLS, behind its handshake. Reads and writes are those of the data; waits, time-outs and threads are as
/// [Connection] says.
///
/// The end of the input is the other side's `close_notify`. An input that ends without one ends the same way for [#read], which
/// then gives -1: the protocol inside has to know where its messages end. [#isTruncated] tells the difference.
/// [#shutdownOutput] sends `close_notify`, and so does [#close] where it need not wait for that; [#abort] sends nothing.
///
/// Closing this connection closes the one below.
public interface TlsConnection extends Connection {

    /// What the handshake agreed on.
    TlsInfo info();

    /// True once the input has ended without a `close_notify` (RFC 8446 §6.1). Belongs to the reading thread.
    boolean isTruncated();
}
