package io.selvage.server.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// Sends datagrams to one address: each write is one datagram. For one thread, which may block.
public final class Datagrams extends OutputStream {
    /// The longest datagram of UDP over IPv4. A longer write is cut.
    public static final int LONGEST = 65_507;

    /// What a socket does for this class.
    private interface Sender {
        void send(byte[] bytes, int from, int count) throws IOException;

        void close() throws IOException;
    }

    private final Sender sender;

    private Datagrams(Sender sender) {
        this.sender = sender;
    }

    /// Opens a socket for UDP, or for the datagrams of a unix socket.
    ///
    /// @throws IOException if there is no such address, or no unix socket that receives datagrams
    public static Datagrams to(SocketAddress address) throws IOException {
        return switch (address) {
            case UnixDomainSocketAddress unix -> new Datagrams(unix(unix));
            case InetSocketAddress inet -> new Datagrams(udp(inet));
            default -> throw new IOException("no datagrams to " + address);
        };
    }

    private static Sender udp(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + address.getHostString());
        }
        DatagramChannel channel = DatagramChannel.open();
        boolean connected = false;
        try {
            channel.connect(address);
            connected = true;
        } finally {
            if (!connected) {
                channel.close();
            }
        }
        return new Sender() {
            @Override
            public void send(byte[] bytes, int from, int count) throws IOException {
                channel.write(ByteBuffer.wrap(bytes, from, count));
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static Sender unix(UnixDomainSocketAddress address) throws IOException {
        int descriptor = LinuxDatagram.connect(address.getPath());
        return new Sender() {
            @Override
            public void send(byte[] bytes, int from, int count) throws IOException {
                LinuxDatagram.send(descriptor, bytes, from, count);
            }

            @Override
            public void close() {
                LinuxDatagram.close(descriptor);
            }
        };
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        sender.send(bytes, from, Math.min(count, LONGEST));
    }

    @Override
    public void close() throws IOException {
        sender.close();
    }
}
