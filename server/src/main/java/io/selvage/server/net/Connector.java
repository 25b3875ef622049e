package io.selvage.server.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/// Opens connections to peers, over TCP or a unix socket.
@FunctionalInterface
public interface Connector {

    /// @param to a resolved address: no name is looked up here
    /// @param socket how the socket is set up
    /// @param patience the longest wait for the connection
    /// @throws TimedOut when the other side has not answered in time
    /// @throws SocketUnavailable if this machine has no socket for it
    Connection connect(SocketAddress to, PeerSocket socket, Duration patience) throws IOException;

    /// As [#connect], with a socket as the system sets it up.
    default Connection connect(SocketAddress to, Duration patience) throws IOException {
        return connect(to, PeerSocket.DEFAULT, patience);
    }
}
