package io.selvage.server.wiring;

import io.selvage.cache.OpenFiles;
import io.selvage.server.config.Config;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.ServeLoop;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.ServerState;
import io.selvage.server.module.User;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.Io;
import io.selvage.server.net.Listener;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// A running server: its listeners, and the configuration that answers on them.
///
/// Safe for any number of threads; starting, reloading and stopping wait for each other.
public final class Server {
    private final ServerState lasting;
    private final Live live;
    private final ConnectionLimit connections;
    private final AtomicLong serials = new AtomicLong();
    private final Map<SocketAddress, Listener> listeners = new HashMap<>();   // guarded by this

    private Server(ServerState lasting, RuntimeConfig first) {
        this.lasting = lasting;
        this.live = new Live(first);
        this.connections = new ConnectionLimit(first.maxConnections());
    }

    /// What is done as the user who started the process, once everything is bound.
    public interface WhenBound {
        void run() throws IOException;
    }

    /// Binds every address, becomes the configured user, and serves.
    ///
    /// @param whenBound is done before the user is changed
    /// @throws IOException when an address cannot be had, a log not be written, or root not be given up; nothing is left behind
    public static Server start(Config config, Io io, LogFiles logs, WhenBound whenBound) throws IOException {
        ServerState lasting = new ServerState(io, logs, new OpenFiles(Descriptors.ofThisProcess().files()));
        RuntimeConfig graph = Wiring.build(config, lasting);
        Server server = new Server(lasting, graph);
        try {
            server.listenOn(graph);
            whenBound.run();
            becomeUser(MainSettings.of(config).user(), lasting);
        } catch (IOException e) {
            server.stop(Duration.ZERO);
            throw e;
        }
        graph.use(lasting);
        return server;
    }

    private static void becomeUser(User user, ServerState lasting) throws IOException {
        if (user.name().isEmpty()) {
            return;
        }
        if (!RunAs.isRoot()) {
            lasting.logs().main().log(Severity.WARN,
                    "the \"user\" directive makes sense only for a server that root starts; it is ignored");
            return;
        }
        lasting.logs().giveTo(user.name(), lasting.latencies().paths());
        RunAs.user(user.name(), user.group().isEmpty() ? Optional.empty() : Optional.of(user.group()));
    }

    /// Puts another configuration in the place of the one that runs. Requests under way end in the old one.
    ///
    /// @throws IOException when an address cannot be had or a log not be written; the old configuration goes on unchanged
    public synchronized void reload(Config config) throws IOException {
        RuntimeConfig next = Wiring.build(config, lasting);
        listenOn(next);
        next.use(lasting);
        connections.set(next.maxConnections());
        next.listening().forEach(address -> listener(address).configure(next.options(address)));
        RuntimeConfig old = live.swap(next);
        leave(next);
        old.retire(lasting, next);
    }

    /// Binds what is not yet bound; when one address fails, those bound here are let go again.
    private synchronized void listenOn(RuntimeConfig graph) throws IOException {
        Map<SocketAddress, Listener> opened = new HashMap<>();
        for (SocketAddress address : graph.listening()) {
            if (!listeners.containsKey(address)) {
                try {
                    opened.put(address, Listener.open(address, graph.options(address), connections, lasting.io(),
                            lasting.logs()::warn, http1(address)));
                } catch (IOException e) {
                    opened.values().forEach(listener -> listener.close(Duration.ZERO));
                    throw e;
                }
            }
        }
        listeners.putAll(opened);
    }

    private Listener listener(SocketAddress address) {
        return Objects.requireNonNull(listeners.get(address), address::toString);
    }

    /// HTTP/1 on what was accepted at an address. A connection to an address that a reload has left since is closed.
    private ConnectionHandler http1(SocketAddress listening) {
        return (connection, draining) -> Arrival.of(live, listening, connection.local()).ifPresent(arrival -> {
            ServeLoop loop = new ServeLoop(connection, serials.incrementAndGet(), () -> arrival.front().entry(), Clock.SYSTEM);
            draining.whenRequested(loop::drain);
            loop.serve();
        });
    }

    /// Stops listening where the new configuration does not; the connections there have as long as they need.
    private synchronized void leave(RuntimeConfig graph) {
        List<SocketAddress> left = new ArrayList<>(listeners.keySet());
        left.removeAll(graph.listening());
        for (SocketAddress address : left) {
            Listener listener = listeners.remove(address);
            Duration grace = grace(graph.config());
            Thread.ofPlatform().name("selvage-leave").start(() -> listener.close(grace));
        }
    }

    /// How long connections may take to end: `worker_shutdown_timeout`, or else a year.
    private static Duration grace(Config config) {
        Duration configured = MainSettings.of(config).workerShutdownTimeout();
        return configured.isZero() ? Duration.ofDays(365) : configured;
    }

    /// Where it listens, with the ports that the system chose.
    public synchronized List<SocketAddress> addresses() {
        return listeners.values().stream().map(Listener::address).toList();
    }

    /// Opens all log files anew, as after a rotation.
    public void reopenLogs() {
        lasting.logs().reopen();
        lasting.latencies().reopen();
    }

    /// The configuration that answers now.
    public Config config() {
        return live.graph().config();
    }

    /// Stops accepting, lets what is under way end, and ends the rest.
    ///
    /// @param grace the longest wait
    /// @return whether everything ended by itself
    public synchronized boolean stop(Duration grace) {
        List<Callable<Boolean>> closing = new ArrayList<>();
        listeners.values().forEach(listener -> closing.add(() -> listener.close(grace)));
        boolean inTime = true;
        try (ExecutorService each = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("selvage-stop").factory())) {
            for (Future<Boolean> closed : each.invokeAll(closing)) {
                inTime &= closed.state() == Future.State.SUCCESS && closed.resultNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            inTime = false;
        }
        listeners.clear();
        lasting.close();
        return inTime;
    }
}
