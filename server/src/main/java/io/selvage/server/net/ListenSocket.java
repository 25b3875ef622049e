package io.selvage.server.net;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// A listening socket with its options. It has the family of its address, so `0.0.0.0` is IPv4 only, and `::` is IPv6 only
/// unless [ListenOptions#ipv6Only()] is off. Thread-safe.
public final class ListenSocket implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final SocketAddress address;
    private volatile ListenOptions options;                // written under this

    private ListenSocket(ServerSocketChannel channel, ListenOptions options) throws IOException {
        this.channel = channel;
        this.address = channel.getLocalAddress();
        this.options = options;
    }

    /// Opens a bound, listening socket.
    ///
    /// @throws IOException if the address cannot be bound, with the address and the reason in one line
    public static ListenSocket open(SocketAddress address, ListenOptions options) throws IOException {
        clearStaleSocket(address);
        ServerSocketChannel channel;
        try {
            channel = ofFamily(address);
        } catch (UnsupportedOperationException e) {
            throw failure(address, "Address family not supported by protocol", e);
        }
        try {
            configure(channel, address, options);
            return new ListenSocket(channel.bind(address, options.backlog()), options);
        } catch (IOException e) {
            channel.close();
            throw failure(address, String.valueOf(e.getMessage()), e);
        }
    }

    private static IOException failure(SocketAddress address, String why, Exception cause) {
        return new IOException("cannot listen on " + AddressText.withPort(address) + ": " + why, cause);
    }

    private static ServerSocketChannel ofFamily(SocketAddress address) throws IOException {
        return ServerSocketChannel.open(switch (address) {
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> StandardProtocolFamily.INET;
            default -> StandardProtocolFamily.INET6;
        });
    }

    private static void configure(ServerSocketChannel channel, SocketAddress address, ListenOptions options) throws IOException {
        if (options.receiveBuffer() > 0) {                  // before listening: the window scale depends on it
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
        if (!(address instanceof InetSocketAddress inet)) {
            return;
        }
        if (options.reusePort()) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        if (options.ipv6Only() && inet.getAddress() instanceof Inet6Address ipv6 && ipv6.isAnyLocalAddress()) {
            LinuxSocketOption.IPV6_V6ONLY.set(channel, 1);
        }
        if (options.deferred()) {
            LinuxSocketOption.TCP_DEFER_ACCEPT.set(channel, 1);
        }
        if (options.fastOpen() > 0) {
            LinuxSocketOption.TCP_FASTOPEN.set(channel, options.fastOpen());
        }
    }

    /// Changes the options, as far as the kernel allows it for an open socket. Connections that were accepted earlier keep
    /// theirs.
    ///
    /// @return one line for each change that was not made: `ipv6only` is fixed when the socket is bound, `rcvbuf` and
    ///     `reuseport` cannot be taken back, and the kernel may refuse a value
    public synchronized List<String> configure(ListenOptions changed) {
        ListenOptions before = options;
        options = changed;
        List<String> problems = new ArrayList<>();
        if (changed.backlog() != before.backlog()) {
            change(problems, "backlog", () -> LinuxSocket.listen(channel, changed.backlog()));
        }
        if (changed.receiveBuffer() != before.receiveBuffer()) {
            change(problems, "rcvbuf", () -> changeReceiveBuffer(changed.receiveBuffer()));
        }
        if (address instanceof InetSocketAddress inet) {
            changeTcp(problems, inet, before, changed);
        }
        return problems;
    }

    private void changeReceiveBuffer(int bytes) throws IOException {
        if (bytes == 0) {
            throw new IOException("the kernel's own size can be had only with a new socket");
        }
        channel.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
    }

    private void changeTcp(List<String> problems, InetSocketAddress inet, ListenOptions before, ListenOptions changed) {
        if (changed.reusePort() != before.reusePort()) {
            change(problems, "reuseport", () -> changeReusePort(changed.reusePort()));
        }
        if (changed.deferred() != before.deferred()) {
            change(problems, "deferred", () -> LinuxSocketOption.TCP_DEFER_ACCEPT.set(channel, changed.deferred() ? 1 : 0));
        }
        if (changed.fastOpen() != before.fastOpen()) {
            change(problems, "fastopen", () -> LinuxSocketOption.TCP_FASTOPEN.set(channel, changed.fastOpen()));
        }
        if (changed.ipv6Only() != before.ipv6Only() && inet.getAddress() instanceof Inet6Address ipv6
                && ipv6.isAnyLocalAddress()) {
            change(problems, "ipv6only", () -> {
                throw new IOException("it is fixed when the socket is bound");
            });
        }
    }

    private void changeReusePort(boolean on) throws IOException {
        if (!on) {
            throw new IOException("the kernel lets others share a port until the socket is closed");
        }
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }

    private interface Change {
        void make() throws IOException;
    }

    private void change(List<String> problems, String parameter, Change change) {
        try {
            change.make();
        } catch (IOException e) {
            problems.add("\"" + parameter + "\" of \"listen " + AddressText.withPort(address)
                    + "\" was not changed, which takes a restart: " + e.getMessage());
        }
    }

    /// Waits for a connection, and sets the options that it does not inherit from this socket.
    ///
    /// @throws IOException if no connection can be accepted: the socket is closed, or the process is out of descriptors
    public SocketChannel accept() throws IOException {
        SocketChannel accepted = channel.accept();
        configureAccepted(accepted, options);
        return accepted;
    }

    /// A failure is ignored here: if the client has disconnected, the next read fails.
    private static void configureAccepted(SocketChannel channel, ListenOptions options) {
        try {
            if (options.sendBuffer() > 0) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
            }
            if (channel.getRemoteAddress() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                options.keepAlive().applyTo(channel);
            }
        } catch (IOException _) {
            // The next read fails as well.
        }
    }

    /// The bound address. For port 0 it has the port that the system chose.
    public SocketAddress address() {
        return address;
    }

    /// The socket itself. Connections are accepted by [#accept], not from it.
    public ServerSocketChannel channel() {
        return channel;
    }

    /// Closes the socket and deletes the file of a unix socket.
    @Override
    public void close() throws IOException {
        channel.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }

    /// Deletes the file of a unix socket that no process listens on, as a killed process leaves it behind.
    private static void clearStaleSocket(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && Files.exists(unix.getPath())) {
            try (SocketChannel _ = SocketChannel.open(unix)) {
                throw new BindException("cannot listen on " + AddressText.withPort(address) + ": Address already in use");
            } catch (BindException e) {
                throw e;
            } catch (IOException _) {
                Files.delete(unix.getPath());
            }
        }
    }
}
