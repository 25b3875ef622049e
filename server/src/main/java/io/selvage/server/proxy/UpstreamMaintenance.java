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

/// Keeps peer groups up to date in the background: looks their hosts up again and again, and closes connections that have
/// been idle for too long.
///
/// A host that cannot be found keeps the addresses it had. One that never was found is nobody: the group goes on without it, and
/// the log says so once. One daemon thread for all groups.
public final class UpstreamMaintenance implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final NameLookup lookup;
    private final Duration valid;
    private final Consumer<String> log;
    private final Set<PeerGroup> groups = ConcurrentHashMap.newKeySet();
    private final Map<String, List<InetAddress>> lastGood = new HashMap<>();   // guarded by this
    private final Set<String> missing = new HashSet<>();                       // guarded by this; hosts that were complained of
    private volatile boolean closed;

    /// @param valid how long an address is believed (`resolver valid=`)
    /// @param log gets a line when a host is not found, and when it is found again
    public UpstreamMaintenance(NameLookup lookup, Duration valid, Consumer<String> log) {
        this.lookup = lookup;
        this.valid = valid;
        this.log = log;
    }

    /// Begins in the background.
    public void start() {
        Thread.ofPlatform().daemon().name("selvage-upkeep").start(this::run);
    }

    /// Takes a group on, and looks its hosts up at once, on the caller's thread.
    public void add(PeerGroup group) {
        resolve(group);
        groups.add(group);
    }

    public void remove(PeerGroup group) {
        groups.remove(group);
    }

    /// Looks all hosts up once more.
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
