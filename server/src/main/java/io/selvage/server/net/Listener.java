package io.selvage.server.net;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One listening address: a Helidon WebServer that accepts connections and waits for them at the end. Their bytes are ours.
public final class Listener {
    /// For connections to notice that they were ended.
    private static final Duration LAST_GRACE = Duration.ofSeconds(5);

    /// Kept here because the logging of the JDK forgets the level of a logger that nobody holds.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    static {
        HELIDON.setLevel(Level.WARNING);
    }

    private final WebServer server;
    private final AcceptingChannel socket;
    private final SocketAddress address;
    private final AcceptExecutor connections;

    private Listener(WebServer server, AcceptingChannel socket, SocketAddress address, AcceptExecutor connections) {
        this.server = server;
        this.socket = socket;
        this.address = address;
        this.connections = connections;
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
        SocketAddress bound = socket.getLocalAddress();
        AcceptingChannel accepting = new AcceptingChannel(socket, options, limit, warn);
        AcceptExecutor connections = new AcceptExecutor(io, handler, accepting, limit);
        WebServer server = HelidonServer.create(accepting, connections);
        server.start();
        if (!server.isRunning()) {
            accepting.close();
            throw new IOException("Helidon's listener on " + AddressText.withPort(bound) + " did not start");
        }
        return new Listener(server, accepting, bound, connections);
    }

    /// Changes the options for the connections that are accepted from now on. What belongs to binding stays: the backlog,
    /// `reuseport`, `ipv6only`, and the options of Linux.
    public void configure(ListenOptions options) {
        socket.configure(options);
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
        Thread stopping = Thread.ofPlatform().name("selvage-stop").start(server::stop);
        boolean inTime = joined(stopping, grace);
        if (!inTime) {
            connections.abortAll();
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
}
