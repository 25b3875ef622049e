package io.selvage.server.wiring;

import io.selvage.cache.OpenFiles;
import io.selvage.loadbalancer.UpstreamOverrides;
import io.selvage.server.config.Config;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.http.Explanation;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.MetricsState;
import io.selvage.server.module.ServerState;
import io.selvage.server.module.User;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.Io;
import io.selvage.server.net.helidon.Listener;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.tls.SecretFiles;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A running server: its listeners and the current configuration.
///
/// Thread-safe; starting, reloading and stopping exclude each other.
public final class Server {
    private static final long FIRST_LOOK_MILLIS = 10;
    private static final long LONGEST_LOOK_MILLIS = 1000;

    private final StartGate gate = new StartGate();
    private final ServerLife life = new ServerLife(InstantSource.system());
    private final ServerState state;
    private final CurrentConfig current;
    private final ConnectionLimit connections;
    private final ClientConnections clients;
    private final Map<SocketAddress, Listener> listeners = new ConcurrentHashMap<>();      // written under this
    /// Reloads, and changes of operators, exclude each other; neither waits for the end of the server.
    private final Object changing = new Object();

    private Server(ServerState state, RuntimeConfig first) {
        this.state = state;
        this.current = new CurrentConfig(first);
        this.connections = new ConnectionLimit(first.maxConnections(), state.io(), state.logs()::warn);
        this.clients = new ClientConnections(gate, current, connections);
        state.metrics().add(new ServerFamilies(connections, current, life)::register);
    }

    /// An action that runs after all addresses are bound, and before the user of the process changes.
    public interface WhenBound {
        void run() throws IOException;
    }

    /// Binds every address, changes to the configured user, and then serves: no request is answered with the rights of root.
    ///
    /// @param whenBound runs before the user is changed
    /// @throws IOException if an address cannot be bound, a log cannot be written, or the user cannot be changed; the server is
    ///     stopped then
    public static Server start(Config config, Io io, LogFiles logs, WhenBound whenBound) throws IOException {
        ServerState state = new ServerState(io, logs, new OpenFiles(Descriptors.ofThisProcess().files()));
        RuntimeConfig runtime = Wiring.build(config, state);
        Server server = new Server(state, runtime);
        try {
            server.listenOn(runtime);
            whenBound.run();
            becomeUser(MainSettings.of(config).user(), state, runtime);
        } catch (IOException e) {
            server.stop(Duration.ZERO);
            throw e;
        }
        runtime.use(state);
        server.gate.open();
        return server;
    }

    /// Gives up root. A thread keeps the right to read files if there are certificates, which are read again later.
    private static void becomeUser(User user, ServerState state, RuntimeConfig runtime) throws IOException {
        if (user.name().isEmpty() || !RunAs.isRoot()) {
            return;
        }
        state.giveTo(user.name());
        Optional<String> group = user.group().isEmpty() ? Optional.empty() : Optional.of(user.group());
        if (!runtime.usesTls()) {
            RunAs.user(user.name(), group);
            return;
        }
        PrivilegedReader reader = PrivilegedReader.start();
        RunAs.user(user.name(), group);
        reader.dropOtherRights();
        SecretFiles.readWith(reader::execute);
    }

    /// Replaces the configuration. Requests in progress end under the old one.
    ///
    /// @throws IOException if an address cannot be bound or a log cannot be written; the old configuration stays current
    public void reload(Config config) throws IOException {
        synchronized (changing) {
            try {
                replace(config);
                life.reloaded();
            } catch (IOException e) {
                life.notReloaded(Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
                throw e;
            }
        }
    }

    /// Records that a new configuration could not be read, and the current one remains.
    ///
    /// @param problem why
    public void notReloaded(String problem) {
        life.notReloaded(problem);
    }

    private synchronized void replace(Config config) throws IOException {
        RuntimeConfig next = Wiring.build(config, state);
        listenOn(next);
        next.use(state);
        connections.set(next.maxConnections());
        next.listening().forEach(address -> listener(address).configure(next.options(address)));
        RuntimeConfig old = current.replace(next);
        leave(next, grace(old.config()));
        endOverdue(old);
        old.retire(state, next);
        reportEnd(old, life.snapshot().generation());
    }

    /// Binds the addresses that are not bound yet. If one fails, those bound by this call are closed again.
    private synchronized void listenOn(RuntimeConfig runtime) throws IOException {
        Map<SocketAddress, Listener> opened = new HashMap<>();
        for (SocketAddress address : runtime.listening()) {
            if (!listeners.containsKey(address)) {
                try {
                    opened.put(address, Listener.open(address, runtime.options(address), connections, state.io(),
                            state.logs()::warn, clients.handler(address)));
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

    /// Aborts the requests and tunnels that are still in progress under a replaced configuration when its
    /// `worker_shutdown_timeout` is over.
    private void endOverdue(RuntimeConfig old) {
        Duration timeout = MainSettings.of(old.config()).workerShutdownTimeout();
        if (timeout.isPositive()) {
            Thread.ofVirtual().name("selvage-overdue").start(() -> {
                try {
                    Thread.sleep(timeout);
                    clients.abortBusyUnder(old);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /// Reports the end of the last request under a replaced configuration, as nginx does with the end of a worker process.
    private void reportEnd(RuntimeConfig old, int generation) {
        Thread.ofVirtual().name("selvage-replaced").start(() -> {
            try {
                long pause = FIRST_LOOK_MILLIS;
                do {
                    Thread.sleep(pause);
                    pause = Math.min(2 * pause, LONGEST_LOOK_MILLIS);
                } while (clients.areBusyUnder(old));
                state.logs().main().log(Severity.NOTICE, "the last request under configuration " + generation
                        + " has ended (worker process exited with code 0)");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Stops listening on addresses that the new configuration does not have. Their connections are drained.
    ///
    /// @param grace the longest wait for them
    private synchronized void leave(RuntimeConfig runtime, Duration grace) {
        List<SocketAddress> left = new ArrayList<>(listeners.keySet());
        left.removeAll(runtime.listening());
        for (SocketAddress address : left) {
            Listener listener = listeners.remove(address);
            Thread.ofPlatform().name("selvage-leave").start(() -> listener.close(grace));
        }
    }

    /// The longest time for connections to end: `worker_shutdown_timeout`, or a year without it.
    private static Duration grace(Config config) {
        Duration configured = MainSettings.of(config).workerShutdownTimeout();
        return configured.isZero() ? Duration.ofDays(365) : configured;
    }

    /// The bound addresses. For port 0 they have the port that the system chose.
    public List<SocketAddress> addresses() {
        return listeners.values().stream().map(Listener::address).toList();
    }

    /// Reopens all log files, after a rotation.
    public void reopenLogs() {
        state.logs().reopen();
        state.latencies().reopen();
    }

    /// Explains what the current configuration does with a request, in its current state. Sends nothing and counts nothing.
    ///
    /// @throws IllegalArgumentException if the configuration does not listen where the request goes
    public Explanation explain(ExplainRequest request) {
        return Explainer.explain(current.get(), request);
    }

    /// What was counted of the requests, and the metrics of the process; empty if the configuration asks for none.
    public Optional<MetricsState.Running> metrics() {
        return state.metrics().running();
    }

    /// The current configuration.
    public Config config() {
        return current.get().config();
    }

    /// The start, the reloads and the end of the server.
    public ServerLife.Snapshot life() {
        return life.snapshot();
    }

    /// The state of the server now.
    public ServerSnapshot snapshot() {
        RuntimeConfig config = current.get();
        return new ServerSnapshot(life.snapshot(), connections(), config.maxConnections(), state.io().snapshot(),
                groups(config), state.cacheCounts());
    }

    /// The state of the upstreams now.
    public List<GroupSnapshot> upstreams() {
        return groups(current.get());
    }

    private List<GroupSnapshot> groups(RuntimeConfig config) {
        int generation = life.snapshot().generation();
        return config.groups().stream()
                .map(group -> GroupSnapshot.of(group, state.peers().overrides(group.name()), generation)).toList();
    }

    /// A change of an operator to an upstream.
    public interface UpstreamChange {
        /// @param now the upstream before the change; no other thread changes it before this method returns
        /// @return what is changed of it from now on
        UpstreamOverrides of(GroupSnapshot now);
    }

    /// Changes an upstream while it runs. Exchanges in progress are not affected. The change survives reloads.
    ///
    /// @param change may throw to leave the upstream as it is
    /// @return the upstream after the change; empty if there is none of this name
    /// @throws IllegalArgumentException if the weights are too large after the change; nothing has changed then
    public Optional<GroupSnapshot> change(String upstream, UpstreamChange change) {
        synchronized (changing) {
            Optional<GroupSnapshot> before = find(upstream);
            before.ifPresent(now -> {
                UpstreamOverrides changed = change.of(now);
                List<PeerGroup> groups = current.get().groups().stream().filter(group -> group.name().equals(upstream)).toList();
                groups.forEach(group -> group.check(changed));
                state.peers().override(upstream, changed);
                groups.forEach(PeerGroup::applyOverrides);
            });
            return before.isEmpty() ? before : find(upstream);
        }
    }

    private Optional<GroupSnapshot> find(String upstream) {
        return upstreams().stream().filter(group -> group.name().equals(upstream)).findFirst();
    }

    /// What operators have changed, by the names of upstreams.
    public Map<String, UpstreamOverrides> overrides() {
        return state.peers().overrides();
    }

    /// The client connections now.
    public ConnectionCounts connections() {
        return new ConnectionCounts(connections.accepted(), connections.requests(), connections.active(), connections.reading(),
                connections.waiting());
    }

    /// Stops accepting, drains all connections, and aborts those that have not ended within the grace period.
    ///
    /// @param grace the longest wait
    /// @return true if no connection had to be aborted
    public boolean stop(Duration grace) {
        life.drains();
        return end(grace);
    }

    private synchronized boolean end(Duration grace) {
        gate.close();
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
        state.close();
        return inTime;
    }
}
