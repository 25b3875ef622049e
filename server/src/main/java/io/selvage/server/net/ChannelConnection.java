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
import java.util.Optional;

/// The common part of connections on a socket channel, for both schedulers.
abstract sealed class ChannelConnection implements Connection permits BlockingConnection, CarrierConnection {
    final SocketChannel channel;
    /// Bytes that were read ahead. Belongs to the reading thread.
    final UnreadBytes kept = new UnreadBytes();

    private final boolean tcp;
    private final SocketAddress remote;
    private final SocketAddress local;
    private volatile boolean resetsTimedOutWrites;         // set by the owner, read by the thread that ends a write

    ChannelConnection(SocketChannel channel, SocketAddress remote, SocketAddress local) {
        this.channel = channel;
        this.remote = remote;
        this.local = local;
        this.tcp = remote instanceof InetSocketAddress;
    }

    @Override
    public final Optional<TcpInfo> tcpInfo() {
        return tcp ? TcpInfo.of(channel) : Optional.empty();
    }

    /// What the thread of an accepted connection does: it runs the handler, then closes the connection. This is the only place
    /// that closes the connection of a client at its end.
    final Runnable serving(ConnectionHandler handler, Runnable whenClosed) {
        return () -> {
            try {
                handler.serve(this, new DrainSignal());
            } finally {
                close();
                whenClosed.run();
            }
        };
    }

    /// The start of a connection.
    interface Start {
        void run() throws IOException;
    }

    /// Starts a connection, and closes its channel if that fails.
    static void closingOnFailure(SocketChannel channel, Start start) throws IOException {
        boolean started = false;
        try {
            start.run();
            started = true;
        } finally {
            if (!started) {
                channel.close();
            }
        }
    }

    /// Opens a channel to a peer, which is not connected yet.
    static SocketChannel openFor(SocketAddress peer, PeerSocket socket) throws SocketUnavailable {
        try {
            SocketChannel channel = openFor(peer);
            if (peer instanceof InetSocketAddress inet) {
                closingOnFailure(channel, () -> setUp(channel, inet, socket));
            }
            return channel;
        } catch (IOException e) {
            throw new SocketUnavailable(e);
        }
    }

    private static void setUp(SocketChannel channel, InetSocketAddress peer, PeerSocket socket) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (socket.keepAlive()) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
        InetSocketAddress from = socket.from();
        if (from != null) {
            if (from.getAddress() instanceof Inet4Address != peer.getAddress() instanceof Inet4Address) {
                throw new IOException("the local address " + AddressText.withPort(from) + " is of another family");
            }
            channel.bind(from);
        }
    }

    /// Opens a channel of the address family of the peer. The JDK's default, an IPv6 socket for both families, costs one more
    /// system call.
    private static SocketChannel openFor(SocketAddress peer) throws IOException {
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

    /// Makes the next close send a reset, on TCP.
    void resetAtClose() {
        if (tcp && channel.isOpen()) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException _) {
                // Another thread closed it.
            }
        }
    }

    /// Closes the channel. A failure is ignored, because the channel is closed even then.
    void closeChannel() {
        try {
            channel.close();
        } catch (IOException _) {
            // Closed all the same.
        }
    }

    @Override
    public String toString() {
        return AddressText.withPort(remote);
    }
}
