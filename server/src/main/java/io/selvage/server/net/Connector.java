package io.selvage.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// Opens connections to peers, over TCP or a unix socket.
@FunctionalInterface
public interface Connector {

    /// @param to a resolved address: no name is looked up here
    /// @param patience the longest wait for the connection
    /// @throws TimedOut when the other side has not answered in time
    Connection connect(SocketAddress to, Duration patience) throws IOException;

    /// Connections for virtual threads that the JDK schedules.
    static Connector blocking() {
        return (to, patience) -> {
            boolean unix = to instanceof UnixDomainSocketAddress;
            SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            if (to instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            return BlockingConnection.connect(channel, to, patience);
        };
    }
}
