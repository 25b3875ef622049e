package io.selvage.server.proxy;

import io.selvage.loadbalancer.UpstreamSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Maintains peer groups in the background, on one daemon thread: looks up their hosts at intervals, and closes connections that
/// were idle for too long.
///
/// A host that cannot be found keeps its last addresses. A group does without a host that was never found, and the log says so
/// once.
public final class UpstreamMaintenance implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final NameLookup lookup;
    private final Duration valid;
    private final Consumer<String> log;
    private final Set<PeerGroup> groups = ConcurrentHashMap.newKeySet();
    private final Map<String, List<InetAddress>> lastGood = new HashMap<>();   // guarded by this
    private final Set<String> missing = new HashSet<>();                       // guarded by this; hosts whose failure was logged
    private volatile boolean closed;

    /// @param valid how long an address is used before it is looked up again (`resolver valid=`)
    /// @param log gets a line when a host is not found, and when it is found again
    public UpstreamMaintenance(NameLookup lookup, Duration valid, Consumer<String> log) {
        this.lookup = lookup;
        this.valid = valid;
        this.log = log;
    }

    /// Starts the thread.
    public void start() {
        Thread.ofPlatform().daemon().name("selvage-upstreams").start(this::run);
    }

    /// Adds a group, and looks up its hosts at once on the caller's thread.
    public void add(PeerGroup group) {
        resolve(group);
        groups.add(group);
    }

    public void remove(PeerGroup group) {
        groups.remove(group);
    }

    /// Looks up all hosts again.
    void resolveAll() {
        groups.forEach(this::resolve);
    }

    private synchronized void resolve(PeerGroup group) {
        UpstreamSpec configured = group.configured();
        Set<String> hosts = PeerNames.hosts(configured);
        if (hosts.isEmpty()) {
            return;
        }
        hosts.forEach(this::resolve);
        group.replacePeers(PeerNames.resolved(configured, host -> lastGood.getOrDefault(host, List.of())));
    }

    private void resolve(String host) {
        try {
            lastGood.put(host, lookup.addresses(host));
            if (missing.remove(host)) {
                log.accept("host \"" + host + "\" is found again");
            }
        } catch (IOException e) {
            if (missing.add(host)) {
                log.accept("host \"" + host + "\" not found in upstream"
                        + (lastGood.containsKey(host) ? ", its last addresses are kept" : ", it is left out until it is found"));
            }
        }
    }

    private void run() {
        long resolvedNanos = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(this, SWEEP.toNanos());
            groups.forEach(PeerGroup::closeExpired);
            if (System.nanoTime() - resolvedNanos > valid.toNanos()) {
                resolveAll();
                resolvedNanos = System.nanoTime();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
