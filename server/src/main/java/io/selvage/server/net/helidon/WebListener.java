package io.selvage.server.net.helidon;

import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.net.ListenSocket;
import io.selvage.server.net.TcpKeepAlive;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// One listening address whose requests Helidon reads, routes and answers, for the admin API. Requests run on the JDK's virtual
/// threads, not on carriers.
public final class WebListener implements AutoCloseable {
    /// The most connections at a time; others wait in the backlog of the socket.
    private static final int MOST_CONNECTIONS = 128;
    private static final int MOST_HEAD_BYTES = 16 << 10;
    private static final int MOST_LINE_BYTES = 4 << 10;
    private static final long MOST_BODY_BYTES = 1 << 20;
    /// Small send buffers: it shows soon that a client does not read.
    private static final ListenOptions OPTIONS = new ListenOptions(ListenOptions.DEFAULT.backlog(), false, true, TcpKeepAlive.OFF,
            0, 64 << 10, false, 0);
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration IDLE_CHECKS = Duration.ofSeconds(5);
    /// How long requests in progress may continue when the listener closes.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ListenSocket socket;
    private final Consumer<String> warn;
    private final WebServer server;
    private volatile boolean closing;

    /// What is served at an address.
    ///
    /// @param routing the handlers
    /// @param errors answers requests that reach no handler, because they are malformed or too long
    /// @param listener sees the beginning of each request, on the thread of its connection
    public record Service(HttpRouting.Builder routing, DirectHandler errors, Http1ConnectionListener listener) {
        private DirectHandlers directHandlers() {
            DirectHandlers.Builder handlers = DirectHandlers.builder();
            for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
                handlers.addHandler(type, errors);
            }
            return handlers.build();
        }
    }

    private WebListener(ListenSocket socket, Consumer<String> warn, Service service) {
        this.socket = socket;
        this.warn = warn;
        this.server = HelidonServer.create(new AcceptingChannel(socket, new NoLimit(), this::helidonStopped),
                settings(service), UnaryOperator.<HelidonTaskExecutor>identity());
    }

    private static Consumer<HelidonServer.Settings> settings(Service service) {
        Http1Config http = Http1Config.builder().maxHeadersSize(MOST_HEAD_BYTES).maxPrologueLength(MOST_LINE_BYTES)
                .addReceiveListener(service.listener).build();
        return settings -> settings.addConnectionSelector(Http1ConnectionSelector.builder().config(http).build())
                .directHandlers(service.directHandlers())
                .maxTcpConnections(MOST_CONNECTIONS)
                .maxPayloadSize(MOST_BODY_BYTES)
                .idleConnectionTimeout(IDLE)
                .idleConnectionPeriod(IDLE_CHECKS)
                .shutdownGracePeriod(GRACE)
                .routing(service.routing);
    }

    /// Binds the address and starts to serve. The file of a unix socket can be used by its owner and its group.
    ///
    /// @param warn receives one line when the listener has failed; must not wait
    /// @throws IOException if the address cannot be bound, with the reason in one line
    public static WebListener open(SocketAddress address, Service service, Consumer<String> warn) throws IOException {
        ListenSocket socket = ListenSocket.open(address, OPTIONS);
        try {
            if (address instanceof UnixDomainSocketAddress unix) {
                Files.setPosixFilePermissions(unix.getPath(), Set.of(PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE));
            }
            WebListener listener = new WebListener(socket, warn, service);
            listener.server.start();
            return listener;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// The bound address. For port 0 it has the port that the system chose.
    public SocketAddress address() {
        return socket.address();
    }

    /// Called when Helidon has closed the channel: by [#close], or because its loop has ended by an error.
    private void helidonStopped() {
        try {
            socket.close();
        } catch (IOException e) {
            warn.accept("the socket of \"admin\" cannot be removed: " + e.getMessage());
        }
        if (!closing) {
            warn.accept("the listener of \"admin\" on " + AddressText.withPort(address()) + " has ended by an error");
        }
    }

    /// Stops listening. Requests in progress have a second to end.
    @Override
    public void close() {
        closing = true;
        server.stop();
    }

    /// Helidon counts the connections itself.
    private final class NoLimit implements AcceptingChannel.Places {
        @Override
        public boolean acquire(BooleanSupplier wanted) {
            return true;
        }

        @Override
        public void outOfDescriptors(String problem) {
            warn.accept(problem);
        }
    }
}
