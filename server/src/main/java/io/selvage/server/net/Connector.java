package io.selvage.server.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/// Opens connections to peers, over TCP or a unix socket.
@FunctionalInterface
public interface Connector {

    /// @param to a resolved address: no name is looked up here
    /// @param patience the longest wait for the connection
    /// @throws TimedOut when the other side has not answered in time
    Connection connect(SocketAddress to, Duration patience) throws IOException;
}
