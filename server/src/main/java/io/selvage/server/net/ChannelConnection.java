package io.selvage.server.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What connections on a socket channel have in common, whoever schedules their threads.
abstract sealed class ChannelConnection implements Connection permits BlockingConnection, CarrierConnection {
    final SocketChannel channel;
    /// Bytes that were read ahead; the reader's.
    final UnreadBytes kept = new UnreadBytes();

    private final boolean tcp;
    private final SocketAddress remote;
    private final SocketAddress local;
    private volatile boolean resetsTimedOutWrites;         // set by the owner, read by who ends a write

    ChannelConnection(SocketChannel channel, SocketAddress remote, SocketAddress local) {
        this.channel = channel;
        this.remote = remote;
        this.local = local;
        this.tcp = remote instanceof InetSocketAddress;
    }

    /// What the thread of an accepted connection runs.
    final void serve(ConnectionHandler handler) {
        try {
            handler.serve(this, new DrainSignal());
        } finally {
            close();
        }
    }

    /// A channel for a connection to a peer, of the family of its address: the socket of IPv6 that the JDK would take for IPv4
    /// as well costs a call more.
    static SocketChannel openFor(SocketAddress peer) throws IOException {
        return switch (peer) {
            case UnixDomainSocketAddress _ -> SocketChannel.open(StandardProtocolFamily.UNIX);
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address ->
                SocketChannel.open(StandardProtocolFamily.INET);
            default -> SocketChannel.open();
        };
    }

    @Override
    public void unread(ByteBuffer bytes) {
        kept.putFirst(bytes);
    }

    @Override
    public void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException _) {
            close();
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public SocketAddress remote() {
        return remote;
    }

    @Override
    public SocketAddress local() {
        return local;
    }

    @Override
    public void noDelay(boolean on) {
        if (tcp) {
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, on);
            } catch (IOException _) {
                close();
            }
        }
    }

    @Override
    public void resetTimedOutWrites(boolean on) {
        resetsTimedOutWrites = on;
    }

    /// Ends a connection whose write has timed out.
    void closeTimedOut() {
        if (resetsTimedOutWrites) {
            resetAtClose();
        }
        close();
    }

    /// Makes the next close a reset, where the transport has one.
    void resetAtClose() {
        if (tcp && channel.isOpen()) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException _) {
                // Closed by another thread meanwhile.
            }
        }
    }

    /// Closes the channel; there is nobody to tell of a failure, and it is closed all the same.
    void closeChannel() {
        try {
            channel.close();
        } catch (IOException _) {
            // As said.
        }
    }

    @Override
    public String toString() {
        return remote.toString();
    }
}
