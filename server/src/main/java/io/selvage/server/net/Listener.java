package io.selvage.server.net;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One listening address: a Helidon WebServer that accepts, counts and owns the connections, whose bytes are ours.
public final class Listener {
    /// How long Helidon waits for connections; longer than anybody here does.
    private static final Duration HELIDON_GRACE = Duration.ofDays(1);
    /// For connections to notice that they were ended.
    private static final Duration LAST_GRACE = Duration.ofSeconds(5);

    /// Kept here because the logging of the JDK forgets the level of a logger that nobody holds.
    private static final List<Logger> HELIDON = List.of(Logger.getLogger("io.helidon"), Logger.getLogger(
            "io.helidon.webserver.LoomServer"));

    static {
        HELIDON.get(0).setLevel(Level.WARNING);
        // It tells of a failed start with a stack trace; here that is an exception with one line.
        HELIDON.get(1).setLevel(Level.OFF);
    }

    private static final System.Logger LOG = System.getLogger(Listener.class.getName());
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final WebServer server;
    private final SocketAddress address;
    private final Set<ConnectionHandler> active;

    private Listener(WebServer server, SocketAddress address, Set<ConnectionHandler> active) {
        this.server = server;
        this.address = address;
        this.active = active;
    }

    /// How to listen.
    ///
    /// @param backlog connections that wait to be accepted
    /// @param maxConnections connections served at once; more wait in the backlog
    /// @param reusePort whether other listeners may share the port
    public record Options(int backlog, int maxConnections, boolean reusePort) {
    }

    /// Binds the address and begins to accept.
    ///
    /// @param io what runs the connections
    /// @param serving makes what serves a connection; called on the accepting thread or the connection's: it must not wait
    /// @throws IOException when the address cannot be bound, with the reason in one line
    public static Listener open(SocketAddress address, Options options, Io io, Function<Connection, ConnectionHandler> serving)
            throws IOException {
        return open(address, options, io, serving, AcceptExecutor::install);
    }

    /// A way around Helidon's executor.
    @FunctionalInterface
    interface Shortcut {

        /// As [AcceptExecutor#install].
        Optional<String> install(WebServer server, Io io, Function<Connection, ConnectionHandler> serving,
                Set<ConnectionHandler> active);
    }

    static Listener open(SocketAddress address, Options options, Io io, Function<Connection, ConnectionHandler> serving,
            Shortcut shortcut)
            throws IOException {
        clearStaleSocket(address);
        Set<ConnectionHandler> active = ConcurrentHashMap.newKeySet();
        WebServer server = WebServer.builder()
                .bindAddress(address)
                .backlog(options.backlog())
                .maxTcpConnections(options.maxConnections())
                .listenerSocketOptions(options.reusePort() ? Map.of(StandardSocketOptions.SO_REUSEPORT, true) : Map.of())
                .connectionOptions(new AcceptedChannel(SocketOptions.create()))
                .protocolsDiscoverServices(false)
                .featuresDiscoverServices(false)
                .addConnectionSelector(new Selector(io, serving, active))
                .shutdownHook(false)
                .shutdownGracePeriod(HELIDON_GRACE)
                .build();
        shortcut.install(server, io, serving, active).ifPresent(Listener::withoutShortcut);
        server.start();
        if (!server.isRunning()) {
            throw new IOException("cannot listen on " + text(address) + ": " + whyNot(address));
        }
        SocketAddress bound = address instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getAddress(), server.port()) : address;
        return new Listener(server, bound, active);
    }

    /// Told once: the listeners of one process are all alike.
    private static void withoutShortcut(String why) {
        if (TOLD.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.WARNING, "connections come on threads of Helidon, which costs memory and time: {0}", why);
        }
    }

    /// A unix socket that nobody listens on any more is left over from a process that was killed.
    private static void clearStaleSocket(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && Files.exists(unix.getPath())) {
            try (SocketChannel _ = SocketChannel.open(unix)) {
                throw new BindException("cannot listen on " + text(address) + ": Address already in use");
            } catch (BindException e) {
                throw e;
            } catch (IOException _) {
                Files.delete(unix.getPath());
            }
        }
    }

    /// Helidon logs why it could not bind and tells nobody, so the kernel is asked once more.
    private static String whyNot(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        ServerSocketChannel again = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try (again) {
            again.bind(address);
            return "it was taken for a moment";
        } catch (SocketException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// An address as it is written in a configuration.
    public static String text(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> bracketed(inet);
            case InetSocketAddress inet -> inet.getHostString() + ":" + inet.getPort();
            default -> address.toString();
        };
    }

    private static String bracketed(InetSocketAddress inet) {
        return "[" + inet.getAddress().getHostAddress() + "]:" + inet.getPort();
    }

    /// Where it listens, with the port that was given when 0 was asked for.
    public SocketAddress address() {
        return address;
    }

    /// How many connections are served now.
    public int connections() {
        return active.size();
    }

    /// Stops accepting, asks every connection to end, waits for that, and ends the rest.
    ///
    /// @param grace the longest wait
    /// @return whether all ended by themselves
    public boolean close(Duration grace) {
        Thread stopping = Thread.ofPlatform().name("selvage-stop").start(server::stop);
        boolean inTime = joined(stopping, grace);
        if (!inTime) {
            active.forEach(ConnectionHandler::abort);
            joined(stopping, LAST_GRACE);
        }
        return inTime;
    }

    private static boolean joined(Thread thread, Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record Selector(Io io, Function<Connection, ConnectionHandler> serving, Set<ConnectionHandler> active)
            implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            SocketChannel channel = AcceptedChannel.take();
            try {
                Connection connection = io.accepted(channel);
                return new HelidonConnection(io, connection, serving.apply(connection), active);
            } catch (IOException e) {
                throw new CloseConnectionException("it ended before it was served", e);
            }
        }
    }

    private record HelidonConnection(Io io, Connection connection, ConnectionHandler served, Set<ConnectionHandler> active)
            implements ServerConnection {
        @Override
        public void handle(Limit limit) {
            active.add(served);
            try {
                io.run(connection, served::serve);
            } finally {
                active.remove(served);
            }
        }

        /// Never idle in Helidon's eyes: every wait has a deadline of its own here.
        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            if (interrupt) {
                served.abort();
            } else {
                served.drain();
            }
        }
    }
}
