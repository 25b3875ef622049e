package io.selvage.server.net.helidon;

import io.helidon.webserver.WebServer;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.Io;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.net.ListenSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One listening address: a Helidon WebServer that accepts connections, and waits for them to end when it stops. Their bytes are
/// read and written by the [ConnectionHandler], not by Helidon.
public final class Listener {
    /// The longest wait for aborted connections to end.
    private static final Duration LAST_GRACE = Duration.ofSeconds(5);

    /// A strong reference, because the JDK's logging drops the level of a logger that is garbage collected.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    static {
        HELIDON.setLevel(Level.WARNING);
    }

    private final ListenSocket socket;
    private final ConnectionLimit limit;
    private final AcceptExecutor connections;
    private final Consumer<String> warn;
    private @Nullable WebServer server;                    // this and the next: guarded by this
    private boolean closing;

    private Listener(ListenSocket socket, ConnectionLimit limit, AcceptExecutor connections, Consumer<String> warn) {
        this.socket = socket;
        this.limit = limit;
        this.connections = connections;
        this.warn = warn;
    }

    /// Binds the address and starts to accept connections.
    ///
    /// @param limit of the connections of all listeners together
    /// @param io runs the connections
    /// @param warn receives one line when the accept loop has failed or an option cannot be changed; must not wait
    /// @param handler serves the connections
    /// @throws IOException if the address cannot be bound, with the reason in one line
    public static Listener open(SocketAddress address, ListenOptions options, ConnectionLimit limit, Io io, Consumer<String> warn,
            ConnectionHandler handler) throws IOException {
        ListenSocket socket = ListenSocket.open(address, options);
        Listener listener = new Listener(socket, limit, new AcceptExecutor(io, handler, limit), warn);
        try {
            listener.start();
            return listener;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private synchronized void start() throws IOException {
        AcceptingChannel channel = new AcceptingChannel(socket, new Limited(limit), this::helidonStopped);
        connections.acceptFrom(channel);
        WebServer starting = HelidonServer.create(channel, _ -> { }, _ -> connections);
        starting.start();
        if (!starting.isRunning()) {
            throw new IOException("Helidon's listener on " + AddressText.withPort(address()) + " did not start");
        }
        server = starting;
    }

    /// Called when Helidon closed the channel: either [#close] stopped the server, or an error ended the accept loop. After an
    /// error another server accepts from the same socket, so no waiting client is lost.
    private synchronized void helidonStopped() {
        try {
            if (closing) {
                socket.close();
            } else {
                warn.accept("the accept loop on " + AddressText.withPort(address()) + " has ended by an error; starting another");
                start();
            }
        } catch (IOException e) {
            warn.accept("the listener on " + AddressText.withPort(address()) + " has failed: " + e.getMessage());
        }
    }

    /// Changes the options of the open socket, and of connections accepted from now on. What cannot be changed is reported as
    /// a warning.
    public void configure(ListenOptions changed) {
        socket.configure(changed).forEach(warn);
    }

    /// The bound address. For port 0 it has the port that the system chose.
    public SocketAddress address() {
        return socket.address();
    }

    /// Number of open connections.
    public int connections() {
        return connections.connections();
    }

    /// Stops accepting, drains every connection, and aborts those that have not ended within the grace period.
    ///
    /// @param grace the longest wait
    /// @return true if no connection had to be aborted
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

    /// The limit that all listeners share.
    private record Limited(ConnectionLimit limit) implements AcceptingChannel.Places {
        @Override
        public boolean acquire(BooleanSupplier wanted) throws InterruptedException {
            return limit.acquire(wanted);
        }

        @Override
        public void outOfDescriptors(String problem) {
            limit.outOfDescriptors(problem);
        }
    }
}
