package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A named group of peers; [#pick] chooses one for each request. Safe for any number of threads.
///
/// Each instance starts the turns of round robin again; leases, failures and totals are in [PeerStates] and survive it.
public final class Upstream {
    /// The index of the first chooser of backups; before it are those of primary peers.
    private static final int BACKUPS = 2;

    private final UpstreamSpec spec;
    private final UpstreamState state;
    private final LongSupplier nanoClock;
    private final List<Peer> peers;
    private final List<Chooser> choosers;
    private final @Nullable Outliers outliers;             // if outliers are detected

    /// @param configured is changed as `states` says
    /// @param nanoClock a monotonic clock in nanoseconds; all upstreams that share `states` use the same one
    /// @param random used by one thread at a time, but by different threads; share it among upstreams only if it is thread-safe
    public Upstream(UpstreamSpec configured, PeerStates states, LongSupplier nanoClock, RandomGenerator random) {
        this.spec = changed(configured, states.overrides(configured.name()));
        this.state = states.of(spec.name());
        this.nanoClock = nanoClock;
        long now = nanoClock.getAsLong();
        this.peers = peers(spec, state, now);
        this.outliers = spec.health().outliers().map(rules -> new Outliers(rules, peers, now)).orElse(null);
        this.choosers = choosers(spec.policy(), peers, random);
    }

    /// A configuration whose weights are too large together with the changes is left as it is.
    private static UpstreamSpec changed(UpstreamSpec configured, UpstreamOverrides overrides) {
        try {
            return overrides.apply(configured);
        } catch (IllegalArgumentException _) {
            return configured;
        }
    }

    /// The specification with the changes of [PeerStates#overrides].
    public UpstreamSpec spec() {
        return spec;
    }

    /// Chooses a peer, reserves one of its connections, and adds the peer to `tried`.
    ///
    /// Peers that are left out are chosen where there are no others: those that outlier detection has ejected always, all of them
    /// if the upstream may panic. It does not panic because all healthy peers are full.
    ///
    /// @param key the input of [Policy.IpHash] and [Policy.Hash]; other policies ignore it
    /// @return empty if every peer is down, left out, full or tried, or if there is none ("no live upstreams")
    public Optional<Lease> pick(byte[] key, Tried tried) {
        return pick(key, "", tried);
    }

    /// As [#pick], for a request that is bound to a peer: it gets that one if it is usable, a backup only where no primary peer
    /// is.
    ///
    /// @param id the [PeerSpec#id] of that peer; empty for none
    public Optional<Lease> pick(byte[] key, String id, Tried tried) {
        List<QueuePlace> woken;
        Optional<Lease> lease;
        synchronized (state) {
            long now = nanoClock.getAsLong();
            woken = state.queue().serve(now);              // those that wait go first
            lease = choose(new QueuePlace.PeerRequest(key, id, tried), now);
        }
        QueuePlace.wake(woken);
        return lease;
    }

    /// Chooses a peer and takes a lease. Called with the monitor held.
    Optional<Lease> choose(QueuePlace.PeerRequest request, long now) {
        if (outliers != null) {
            outliers.tick(now);
        }
        var ask = new Ask(request.key(), request.tried(), Ask.Among.HEALTHY, now);
        Optional<Peer> chosen = chooseUsual(request.id(), ask);
        if (spec.health().panic() && (chosen.isPresent() || !isHealthyPeerLeft(ask))) {
            chosen = chooseInPanic(chosen, request.id(), ask);
        }
        return chosen.map(peer -> lease(peer, ask));
    }

    /// True if there is a healthy peer that was not tried: a request that found none may wait for it, but is no reason to panic.
    private boolean isHealthyPeerLeft(Ask ask) {
        return peers.stream().anyMatch(peer -> peer.isHealthy(ask.nowNanos()) && !ask.tried().contains(peer));
    }

    private boolean waitsForHealthyPeer(Ask ask) {
        return spec.queue().isPresent() && isHealthyPeerLeft(ask);
    }

    /// The peer without a panic.
    private Optional<Peer> chooseUsual(String id, Ask ask) {
        Optional<Peer> chosen = choose(id, ask);
        boolean mayBeEjected = chosen.isEmpty() && outliers != null && !waitsForHealthyPeer(ask);
        return mayBeEjected ? choose(id, ask.among(Ask.Among.EJECTED)) : chosen;
    }

    private Optional<Peer> choose(String id, Ask ask) {
        Optional<Peer> chosen = choose(id, false, ask);
        return chosen.isPresent() ? chosen : choose(id, true, ask);
    }

    /// @param usual the peer without a panic
    private Optional<Peer> chooseInPanic(Optional<Peer> usual, String id, Ask ask) {
        if (usual.isPresent()) {
            state.panic(false);
            return usual;
        }
        Optional<Peer> chosen = choose(id, ask.among(Ask.Among.ALL));
        if (chosen.isPresent() && ask.tried().tries() == 0) {
            state.panic(true);
        }
        return chosen;
    }

    /// Reports that a probe of a check has passed at the peers with this address.
    public void probePassed(HealthCheck check, String address) {
        List<QueuePlace> woken;
        synchronized (state) {
            long now = nanoClock.getAsLong();
            peers.stream().filter(peer -> peer.spec().address().equals(address)).forEach(peer -> peer.probePassed(check, now));
            woken = state.queue().serve(now);
        }
        QueuePlace.wake(woken);
    }

    /// Reports that a probe of a check has failed at the peers with this address.
    ///
    /// @param reason for people
    public void probeFailed(HealthCheck check, String address, String reason) {
        synchronized (state) {
            long now = nanoClock.getAsLong();
            peers.stream().filter(peer -> peer.spec().address().equals(address))
                    .forEach(peer -> peer.probeFailed(check, reason, now));
        }
    }

    /// Begins the active health checks, when a configuration comes into use: peers keep the results of checks with the same id,
    /// except where a mandatory check is not persistent.
    public void startChecks() {
        synchronized (state) {
            long now = nanoClock.getAsLong();
            peers.forEach(peer -> peer.startChecks(now));
        }
    }

    /// True if a request that gets no peer may wait for one: there is a queue, and a peer that is neither `down` nor tried.
    public boolean mayWait(Tried tried) {
        return spec.queue().isPresent() && peers.stream().anyMatch(peer -> !peer.spec().down() && !tried.contains(peer));
    }

    /// Puts a request at the end of the queue. It may get a peer at once, which [QueuePlace#poll] tells.
    ///
    /// @param wake wakes the thread of the request, so that it calls [QueuePlace#poll]; runs on another thread and must not wait
    /// @param wait the longest time in the queue; not more than that of [QueueSpec]
    /// @return empty if the queue is full
    /// @throws java.util.NoSuchElementException if the upstream has no queue
    public Optional<QueuePlace> enqueue(byte[] key, String id, Tried tried, Runnable wake, Duration wait) {
        QueueSpec bounds = spec.queue().orElseThrow();
        List<QueuePlace> woken;
        QueuePlace place;
        synchronized (state) {
            if (!state.queue().hasRoom(bounds.length())) {
                state.queue().refuse();
                return Optional.empty();
            }
            long now = nanoClock.getAsLong();
            place = new QueuePlace(this, state, new QueuePlace.PeerRequest(key, id, tried), wake, now,
                    Math.min(wait.toNanos(), bounds.timeout().toNanos()));
            state.queue().add(place);
            woken = state.queue().serve(now);              // a peer may have become free since the request got none
        }
        QueuePlace.wake(woken);
        return Optional.of(place);
    }

    /// Takes over the requests that wait for the peers of `predecessor`, an upstream of the same name, unless they have tried one
    /// of them.
    public void takeWaiting(Upstream predecessor) {
        List<QueuePlace> woken;
        synchronized (state) {
            state.queue().move(predecessor, this);
            woken = state.queue().serve(nanoClock.getAsLong());
        }
        QueuePlace.wake(woken);
    }

    /// The current state of the queue.
    public QueueSnapshot queueSnapshot() {
        synchronized (state) {
            return state.queue().snapshot(spec.queue().map(QueueSpec::length).orElse(0), nanoClock.getAsLong());
        }
    }

    /// The current state of all peers, in the order of the specification.
    public List<UpstreamSnapshot> snapshot() {
        synchronized (state) {
            long now = nanoClock.getAsLong();
            if (outliers != null) {
                outliers.tick(now);
            }
            return peers.stream().map(peer -> peer.snapshot(now)).toList();
        }
    }

    /// Which peers a request would get, in which order, if each of them failed. Reserves nothing and changes nothing; policies
    /// that choose by chance give one of many orders.
    ///
    /// @param key as for [#pick]
    /// @param id as for [#pick]
    /// @return all peers in the order of the specification
    public List<PeerForecast> forecast(byte[] key, String id) {
        synchronized (state) {
            var ask = new Ask(key, new Tried(), Ask.Among.HEALTHY, nanoClock.getAsLong());
            List<Peer.Turn> turns = peers.stream().map(Peer::turn).toList();
            List<Peer> order = new ArrayList<>();
            Optional<Peer> next = foreseen(id, ask);
            while (next.isPresent()) {
                order.add(next.get());
                ask.tried().add(next.get());
                next = foreseen(id, ask);
            }
            for (int i = 0; i < peers.size(); i++) {
                peers.get(i).restore(turns.get(i));
            }
            return peers.stream().map(peer -> new PeerForecast(peer.snapshot(ask.nowNanos()), order.indexOf(peer) + 1,
                    peer.score(spec.policy(), ask.nowNanos()))).toList();
        }
    }

    private Optional<Peer> foreseen(String id, Ask ask) {
        Optional<Peer> usual = chooseUsual(id, ask);
        return usual.isEmpty() && spec.health().panic() && !isHealthyPeerLeft(ask)
                ? choose(id, ask.among(Ask.Among.ALL)) : usual;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    private Optional<Peer> choose(String id, boolean backup, Ask ask) {
        Optional<Peer> chosen = id.isEmpty() ? Optional.empty() : bound(id, backup, ask);
        int first = backup ? BACKUPS : 0;
        for (int i = first; chosen.isEmpty() && i < first + BACKUPS; i++) {
            chosen = choosers.get(i).choose(ask);
        }
        return chosen;
    }

    private Optional<Peer> bound(String id, boolean backup, Ask ask) {
        for (Peer peer : peers) {
            if (peer.spec().backup() == backup && peer.id().equals(id) && !ask.tried().contains(peer)
                    && peer.usableIfBound(ask.among(), ask.nowNanos())) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }

    private Lease lease(Peer peer, Ask ask) {
        peer.chosen(ask.nowNanos());
        ask.tried().add(peer);
        return new Lease(peer, state, nanoClock, spec.policy().measuresTime(), outliers);
    }

    private static List<Peer> peers(UpstreamSpec spec, UpstreamState state, long nowNanos) {
        boolean alone = spec.peers().size() == 1;
        List<Peer> peers = new ArrayList<>();
        Map<String, Integer> occurrences = new HashMap<>();
        for (PeerSpec peer : spec.peers()) {
            int occurrence = occurrences.merge(peer.address(), 1, Integer::sum) - 1;
            peers.add(new Peer(peers.size(), peer, state.of(peer.address(), occurrence, nowNanos), alone, spec.health(),
                    state, nowNanos));
        }
        return List.copyOf(peers);
    }

    /// The choosers in the order of their use: each is asked if those before it found no peer.
    private static List<Chooser> choosers(Policy policy, List<Peer> peers, RandomGenerator random) {
        List<Peer> primaries = peers.stream().filter(peer -> !peer.spec().backup()).toList();
        List<Peer> backups = peers.stream().filter(peer -> peer.spec().backup()).toList();
        return List.of(byPolicy(policy, primaries, random), new RoundRobinChooser(primaries),
                byPolicy(policy, backups, random), new RoundRobinChooser(backups));
    }

    private static Chooser byPolicy(Policy policy, List<Peer> peers, RandomGenerator random) {
        if (peers.size() < 2) {
            return new RoundRobinChooser(peers);
        }
        return switch (policy) {
            case Policy.RoundRobin() -> new RoundRobinChooser(peers);
            case Policy.LeastConnections() -> new LeastConnectionsChooser(peers);
            case Policy.IpHash() -> new IpHashChooser(peers);
            case Policy.Hash(boolean consistent) -> consistent ? new ConsistentHashChooser(peers) : new HashChooser(peers);
            case Policy.BoundedHash(double factor) -> new BoundedHashChooser(peers, factor);
            case Policy.PeakEwmaOfTwo() -> new RandomTwoChooser(peers, policy, random);
            case Policy.Random() -> new RandomChooser(peers, random);
            case Policy.LeastTime time -> new LeastTimeChooser(peers, time);
            case Policy.RandomTwo(Policy then) -> new RandomTwoChooser(peers, then, random);
        };
    }
}
