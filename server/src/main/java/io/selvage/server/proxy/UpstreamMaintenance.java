package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerStates;
import io.selvage.server.proxy.HostLookup.ServiceServer;
import io.selvage.server.proxy.HostLookup.ServiceServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Maintains peer groups in the background, on one daemon thread: looks up their names again when the answers are no longer
/// valid, and closes connections that were idle for too long or lead to peers that have left.
///
/// A name that cannot be found keeps its last peers. A group does without a name that was never found. The log says so once, and
/// once again when the name is found. Lookups are spread by up to a tenth of the time that answers are valid, at most
/// five seconds, so that many servers do not ask at once.
public final class UpstreamMaintenance implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /// After a lookup whose result is valid for a shorter time.
    private static final Duration LEAST_VALID = Duration.ofSeconds(1);
    /// After a lookup that failed, at the latest.
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration MOST_SPREAD = Duration.ofSeconds(5);
    private static final int SPREAD = 10;

    private final LongSupplier nanos;
    private final RandomGenerator random;                                      // guarded by this
    private final Consumer<String> log;
    private final Set<PeerGroup> groups = ConcurrentHashMap.newKeySet();
    private final Map<Asked, Known> known = new HashMap<>();                   // guarded by this
    private volatile boolean closed;

    /// A name, and who is asked for it.
    private record Asked(HostLookup lookup, PeerName name) {

        CompletableFuture<ServiceServers> start() {
            return name.service() ? lookup.startService(name.name()) : lookup.start(name.name()).thenApply(found ->
                    new ServiceServers(List.of(new ServiceServer(name.name(), 0, 0, 1, found.addresses())), found.valid()));
        }
    }

    /// What is known of a name.
    private static final class Known {
        private List<ServiceServer> servers = List.of();
        private Set<String> missing = Set.of();            // what could not be found: the name itself, or hosts of the service
        private Duration retry = RETRY;                    // as often as the last answer was valid, if that is more often
        private boolean asked;                             // a lookup is under way
        private long dueNanos;                             // when the next one is

        /// Takes the servers over. One without an address keeps those that it had.
        void take(List<ServiceServer> found) {
            Map<String, ServiceServer> before = new HashMap<>();
            servers.forEach(server -> before.put(server.host(), server));
            servers = found.stream().map(server -> server.addresses().isEmpty() && before.containsKey(server.host())
                    ? server.withAddresses(before.get(server.host()).addresses()) : server).toList();
        }

        boolean isEmpty() {
            return servers.stream().allMatch(server -> server.addresses().isEmpty());
        }
    }

    /// @param nanos a monotonic clock
    /// @param random spreads the lookups; used by one thread at a time
    /// @param log gets a line when a name is not found, and when it is found again
    public UpstreamMaintenance(LongSupplier nanos, RandomGenerator random, Consumer<String> log) {
        this.nanos = nanos;
        this.random = random;
        this.log = log;
    }

    /// Starts the thread.
    public void start() {
        Thread.ofPlatform().daemon().name("selvage-upstreams").start(this::run);
    }

    /// Adds groups, and waits until their names are looked up, for each as long as its group allows.
    public void add(Collection<PeerGroup> added) {
        groups.addAll(added);
        Map<PeerGroup, CompletableFuture<?>> asked = new LinkedHashMap<>();
        for (PeerGroup group : added) {
            asked.put(group, CompletableFuture.allOf(startLookups(group).toArray(CompletableFuture[]::new)));
            update(group);
        }
        long start = System.nanoTime();
        asked.forEach((group, lookups) -> {
            try {
                lookups.get(start + group.names().patience().toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (Exception _) {
                // The group starts without these names. Their failures are logged where they are handled.
            }
        });
    }

    /// Removes groups that no configuration uses any more, and forgets the addresses and the states that only they used.
    public synchronized void remove(Collection<PeerGroup> removed) {
        groups.removeAll(Set.copyOf(removed));
        Set<Asked> used = new HashSet<>();
        groups.forEach(other -> used.addAll(names(other)));
        known.keySet().retainAll(used);
        removed.stream().map(PeerGroup::states).distinct().forEach(this::forgetLeft);
    }

    private static List<Asked> names(PeerGroup group) {
        return group.peerNames().stream().map(name -> new Asked(group.names().lookup(name.name()), name)).toList();
    }

    /// Starts the lookups that are due.
    void lookUp() {
        groups.forEach(this::startLookups);
    }

    private List<CompletableFuture<?>> startLookups(PeerGroup group) {
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (Asked asked : names(group)) {
            if (isDue(asked)) {
                started.add(asked.start().handle((found, failure) -> {
                    if (failure == null && found.servers().stream().anyMatch(server -> !server.addresses().isEmpty())) {
                        found(asked, found);
                    } else {
                        notFound(asked, LookupException.ofFuture(failure));
                    }
                    return asked;
                }));
            }
        }
        return started;
    }

    /// True if a lookup is to start now; the caller starts it.
    private synchronized boolean isDue(Asked asked) {
        Known state = known.get(asked);
        if (state == null) {
            state = new Known();
            known.put(asked, state);
        } else if (state.asked || nanos.getAsLong() - state.dueNanos < 0) {
            return false;
        }
        state.asked = true;
        return true;
    }

    private void askAgain(Known state, Duration valid) {
        state.asked = false;
        long least = Math.max(valid.toNanos(), LEAST_VALID.toNanos());
        long spread = Math.min(least / SPREAD, MOST_SPREAD.toNanos());
        state.dueNanos = nanos.getAsLong() + least + (long) (random.nextDouble() * spread);
    }

    private synchronized void found(Asked asked, ServiceServers result) {
        Known state = known.get(asked);
        if (state == null) {
            return;                                        // its groups were removed since
        }
        askAgain(state, result.valid());
        state.retry = result.valid().compareTo(RETRY) < 0 ? result.valid() : RETRY;
        logChanges(asked.name, state, result.servers());
        state.take(result.servers());
        groups.stream().filter(group -> names(group).contains(asked)).forEach(this::update);
    }

    /// Reports that the name is found again, and hosts of the service that are missing now.
    private void logChanges(PeerName name, Known state, List<ServiceServer> servers) {
        if (state.missing.contains(name.name())) {
            log.accept(name + " is found again");
        }
        Set<String> missing = new HashSet<>();
        for (ServiceServer server : servers) {
            if (server.addresses().isEmpty() && missing.add(server.host()) && !state.missing.contains(server.host())) {
                log.accept("host \"" + server.host() + "\" of " + name + " could not be resolved");
            }
        }
        state.missing = missing;
    }

    private synchronized void notFound(Asked asked, LookupException reason) {
        Known state = known.get(asked);
        if (state == null) {
            return;
        }
        askAgain(state, state.retry);
        if (!state.missing.contains(asked.name.name())) {
            log.accept(asked.name + " could not be resolved (" + reason.getMessage() + ")"
                    + (state.isEmpty() ? ", it is left out until it is found" : ", its last addresses are kept"));
            state.missing = Set.of(asked.name.name());
        }
    }

    private synchronized void update(PeerGroup group) {
        boolean changed = group.replacePeers(PeerNames.resolved(group.configured(), name -> {
            Known state = known.get(new Asked(group.names().lookup(name.name()), name));
            return state == null ? List.of() : state.servers;
        }));
        if (changed) {
            forgetLeft(group.states());
        }
    }

    /// Forgets the states of peers that are in no group any more and carry no request.
    private void forgetLeft(PeerStates states) {
        states.forgetAllBut(groups.stream().filter(group -> group.states() == states).map(group -> group.upstream().spec())
                .toList());
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
