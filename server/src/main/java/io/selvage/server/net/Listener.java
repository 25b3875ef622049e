package io.selvage.server.net;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One listening address: a Helidon WebServer that accepts connections and waits for them at the end. Their bytes are ours.
public final class Listener {
    /// For connections to notice that they were ended.
    private static final Duration LAST_GRACE = Duration.ofSeconds(5);

    /// Kept here because the logging of the JDK forgets the level of a logger that nobody holds.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    static {
        HELIDON.setLevel(Level.WARNING);
    }

    private final ServerSocketChannel socket;
    private final SocketAddress address;
    private final ConnectionLimit limit;
    private final AcceptExecutor connections;
    private final Consumer<String> warn;
    private ListenOptions options;                         // guarded by this, as what follows
    private @Nullable WebServer server;
    private @Nullable AcceptingChannel accepting;
    private boolean closing;

    private Listener(ServerSocketChannel socket, ListenOptions options, ConnectionLimit limit, AcceptExecutor connections,
            Consumer<String> warn) throws IOException {
        this.socket = socket;
        this.address = socket.getLocalAddress();
        this.options = options;
        this.limit = limit;
        this.connections = connections;
        this.warn = warn;
    }

    /// Binds the address and begins to accept.
    ///
    /// @param limit of the connections of all listeners together
    /// @param io what runs the connections
    /// @param warn is given a line when a connection cannot be accepted; must not wait
    /// @param handler serves the connections
    /// @throws IOException when the address cannot be bound, with the reason in one line
    public static Listener open(SocketAddress address, ListenOptions options, ConnectionLimit limit, Io io, Consumer<String> warn,
            ConnectionHandler handler) throws IOException {
        ServerSocketChannel socket = ListenSocket.open(address, options);
        Listener listener = new Listener(socket, options, limit, new AcceptExecutor(io, handler, limit), warn);
        try {
            listener.start();
            return listener;
        } catch (IOException e) {
            ListenSocket.close(socket);
            throw e;
        }
    }

    private synchronized void start() throws IOException {
        AcceptingChannel channel = new AcceptingChannel(socket, options, limit, warn, this::helidonStopped);
        connections.acceptFrom(channel);
        WebServer starting = HelidonServer.create(channel, connections);
        starting.start();
        if (!starting.isRunning()) {
            throw new IOException("Helidon's listener on " + AddressText.withPort(address) + " did not start");
        }
        server = starting;
        accepting = channel;
    }

    /// Helidon has closed the channel: because it was told to, or because its accept loop has ended by an error. Then another
    /// server accepts from the same socket, so no client that waits there is lost.
    private synchronized void helidonStopped() {
        try {
            if (closing) {
                ListenSocket.close(socket);
            } else {
                warn.accept("the accept loop on " + AddressText.withPort(address) + " has ended by an error; starting another");
                start();
            }
        } catch (IOException e) {
            warn.accept("the listener on " + AddressText.withPort(address) + " has failed: " + e.getMessage());
        }
    }

    /// Changes the options for the connections that are accepted from now on. What belongs to binding stays: the backlog,
    /// `reuseport`, `ipv6only`, and the options of Linux.
    public synchronized void configure(ListenOptions changed) {
        options = changed;
        AcceptingChannel channel = accepting;
        if (channel != null) {
            channel.configure(changed);
        }
    }

    /// Where it listens, with the port that was given when 0 was asked for.
    public SocketAddress address() {
        return address;
    }

    /// How many connections are served now.
    public int connections() {
        return connections.connections();
    }

    /// Stops accepting, asks every connection to end, waits for that, and ends the rest.
    ///
    /// @param grace the longest wait
    /// @return whether all ended by themselves
    public boolean close(Duration grace) {
        WebServer stopped = beginClosing();
        Thread stopping = Thread.ofPlatform().name("selvage-stop").start(stopped::stop);
        boolean inTime = joined(stopping, grace);
        if (!inTime) {
            connections.abortAll();
            joined(stopping, LAST_GRACE);
        }
        return inTime;
    }

    private synchronized WebServer beginClosing() {
        closing = true;
        connections.stop();
        return Objects.requireNonNull(server);
    }

    private static boolean joined(Thread thread, Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
