package io.selvage.server.proxy;

import io.selvage.server.proxy.HostLookup.HostAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Maintains peer groups in the background, on one daemon thread: looks up their hosts again when their addresses are no longer
/// valid, and closes connections that were idle for too long.
///
/// A host that cannot be found keeps its last addresses. A group does without a host that was never found, and the log says so
/// once.
public final class UpstreamMaintenance implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /// After a lookup that failed, or whose result is valid for a shorter time.
    private static final Duration LEAST_VALID = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final Consumer<String> log;
    private final Set<PeerGroup> groups = ConcurrentHashMap.newKeySet();
    private final Map<Host, Known> known = new HashMap<>();                    // guarded by this
    private volatile boolean closed;

    /// A host, and who is asked for it.
    private record Host(HostLookup lookup, String name) {
    }

    /// What is known of a host.
    private static final class Known {
        private List<InetAddress> addresses = List.of();
        private boolean missing;                           // the failure of its lookup was logged
        private boolean asked;                             // a lookup is under way
        private long dueNanos;                             // when the next one is
    }

    /// @param nanos a monotonic clock
    /// @param log gets a line when a host is not found, and when it is found again
    public UpstreamMaintenance(LongSupplier nanos, Consumer<String> log) {
        this.nanos = nanos;
        this.log = log;
    }

    /// Starts the thread.
    public void start() {
        Thread.ofPlatform().daemon().name("selvage-upstreams").start(this::run);
    }

    /// Adds a group, and waits until its hosts are looked up, as long as the group allows.
    public void add(PeerGroup group) {
        groups.add(group);
        List<CompletableFuture<?>> asked = startLookups(group);
        update(group);
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .get(group.names().patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception _) {
            // The group starts without these hosts. Their failures are logged where they are handled.
        }
    }

    public synchronized void remove(PeerGroup group) {
        groups.remove(group);
        Set<Host> used = new HashSet<>();
        groups.forEach(other -> used.addAll(hosts(other)));
        known.keySet().retainAll(used);
    }

    private static List<Host> hosts(PeerGroup group) {
        return PeerNames.hosts(group.configured()).stream().map(name -> new Host(group.names().lookup(name), name)).toList();
    }

    /// Starts the lookups that are due.
    void lookUp() {
        groups.forEach(this::startLookups);
    }

    private List<CompletableFuture<?>> startLookups(PeerGroup group) {
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (Host host : hosts(group)) {
            if (isDue(host)) {
                started.add(host.lookup.start(host.name).handle((found, failure) -> {
                    found(host, failure == null ? found : new HostAddresses(List.of(), RETRY));
                    return host;
                }));
            }
        }
        return started;
    }

    /// True if a lookup is to start now; the caller starts it.
    private synchronized boolean isDue(Host host) {
        Known state = known.get(host);
        if (state == null) {
            state = new Known();
            known.put(host, state);
        } else if (state.asked || nanos.getAsLong() - state.dueNanos < 0) {
            return false;
        }
        state.asked = true;
        return true;
    }

    private synchronized void found(Host host, HostAddresses result) {
        Known state = known.get(host);
        if (state == null) {
            return;                                        // its groups were removed meanwhile
        }
        state.asked = false;
        state.dueNanos = nanos.getAsLong() + Math.max(result.valid().toNanos(), LEAST_VALID.toNanos());
        if (result.addresses().isEmpty()) {
            logMissing(host, state);
            return;
        }
        state.addresses = result.addresses();
        if (state.missing) {
            state.missing = false;
            log.accept("host \"" + host.name + "\" is found again");
        }
        groups.stream().filter(group -> hosts(group).contains(host)).forEach(this::update);
    }

    private void logMissing(Host host, Known state) {
        if (!state.missing) {
            state.missing = true;
            log.accept("host \"" + host.name + "\" not found in upstream"
                    + (state.addresses.isEmpty() ? ", it is left out until it is found" : ", its last addresses are kept"));
        }
    }

    private synchronized void update(PeerGroup group) {
        group.replacePeers(PeerNames.resolved(group.configured(), name -> {
            Known state = known.get(new Host(group.names().lookup(name), name));
            return state == null ? List.of() : state.addresses;
        }));
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, SWEEP.toNanos());
            groups.forEach(PeerGroup::closeExpired);
            lookUp();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
