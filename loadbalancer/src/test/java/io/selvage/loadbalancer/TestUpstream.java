package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import static java.nio.charset.StandardCharsets.UTF_8;

/// An upstream written as in a configuration, with a clock that the test moves.
final class TestUpstream {
    static final byte[] NO_KEY = {};

    final VirtualClock clock;
    final PeerStates states;
    final Upstream upstream;

    private TestUpstream(VirtualClock clock, PeerStates states, UpstreamSpec spec, long seed) {
        this.clock = clock;
        this.states = states;
        this.upstream = new Upstream(spec, states, clock, new SplittableRandom(seed));
    }

    /// @param servers lines like `a weight=5 max_fails=2 fail_timeout=10s max_conns=7 backup`
    static TestUpstream of(Policy policy, String... servers) {
        return seeded(1, policy, servers);
    }

    /// An upstream in which more than `max_fails` takes peers out.
    static TestUpstream of(HealthRules health, String... servers) {
        return of(health, HealthListener.NONE, servers);
    }

    static TestUpstream of(HealthRules health, HealthListener listener, String... servers) {
        UpstreamSpec spec = spec(new Policy.RoundRobin(), servers).withHealth(health);
        return new TestUpstream(new VirtualClock(), new PeerStates(listener), spec, 1);
    }

    /// The same upstream after a reload.
    TestUpstream reloaded(HealthRules health, String... servers) {
        return new TestUpstream(clock, states, spec(new Policy.RoundRobin(), servers).withHealth(health), 1);
    }

    static TestUpstream seeded(long seed, Policy policy, String... servers) {
        return new TestUpstream(new VirtualClock(), new PeerStates(), spec(policy, servers), seed);
    }

    /// The same upstream after a reload.
    TestUpstream reloaded(Policy policy, String... servers) {
        return new TestUpstream(clock, states, spec(policy, servers), 1);
    }

    static UpstreamSpec spec(Policy policy, String... servers) {
        return new UpstreamSpec("app", Arrays.stream(servers).map(TestUpstream::peer).toList(), policy);
    }

    static PeerSpec peer(String line) {
        String[] words = line.split(" ");
        PeerSpec peer = PeerSpec.of(words[0]);
        for (int i = 1; i < words.length; i++) {
            String value = words[i].substring(words[i].indexOf('=') + 1);
            peer = switch (words[i].split("=")[0]) {
                case "weight" -> peer.withWeight(Integer.parseInt(value));
                case "max_conns" -> peer.withMaxConns(value.equals("auto") ? PeerSpec.Limits.AUTO : Integer.parseInt(value));
                case "max_fails" -> peer.withMaxFails(Integer.parseInt(value));
                case "fail_timeout" -> peer.withFailTimeout(Duration.parse("PT" + value));
                case "slow_start" -> peer.withSlowStart(Duration.parse("PT" + value));
                case "server" -> peer.withServer(value);
                case "backup" -> peer.withBackup(true);
                case "down" -> peer.withDown(true);
                case "drain" -> peer.withDrain(true);
                case "route" -> peer.withRoute(value);
                default -> throw new IllegalArgumentException(line);
            };
        }
        return peer;
    }

    Optional<Lease> lease(String key) {
        return upstream.pick(key.getBytes(UTF_8), new Tried());
    }

    /// A lease for a new request. Fails the test if there is none.
    Lease lease() {
        return upstream.pick(NO_KEY, new Tried()).orElseThrow();
    }

    /// Runs `requests` that succeed, one after the other.
    ///
    /// @return the peers that answered, like `a b a -`, where `-` is none
    String serve(int requests) {
        List<String> served = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            served.add(serve(NO_KEY));
        }
        return String.join(" ", served);
    }

    /// Runs one request with `key` that succeeds.
    String serve(byte[] key) {
        return upstream.pick(key, new Tried()).map(lease -> {
            try (lease) {
                lease.succeeded();
                return lease.address();
            }
        }).orElse("-");
    }

    /// Runs one request that fails on every peer.
    ///
    /// @return the peers in order, like `a b c -`
    String failEverywhere(byte[] key) {
        var tried = new Tried();
        List<String> given = new ArrayList<>();
        for (int tries = 0; tries <= upstream.spec().peers().size(); tries++) {
            Optional<Lease> lease = upstream.pick(key, tried);
            given.add(lease.map(Lease::address).orElse("-"));
            if (lease.isEmpty()) {
                break;
            }
            lease.get().failed();
            lease.get().close();
        }
        return String.join(" ", given);
    }

    /// Runs requests that get this status from the peer, whatever the policy.
    void answer(String address, int status, int times) {
        for (int i = 0; i < times; i++) {
            answer(address, status, Duration.ZERO);
        }
    }

    /// Runs a request that gets this status from the peer after a while.
    void answer(String address, int status, Duration after) {
        try (Lease lease = leaseOn(address)) {
            clock.forward(after);
            lease.headReceived(status);
            lease.succeeded();
        }
    }

    /// Reports `times` failures of the peer `address`, whatever the policy.
    void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = leaseOn(address)) {
                lease.failed();
            }
        }
    }

    /// A lease on this peer, obtained by refusing all others.
    Lease leaseOn(String address) {
        var tried = new Tried();
        for (int tries = 0; tries < upstream.spec().peers().size(); tries++) {
            Lease lease = upstream.pick(NO_KEY, tried).orElseThrow();
            if (lease.address().equals(address)) {
                return lease;
            }
            lease.close();
        }
        throw new AssertionError(address + " cannot be had");
    }

    UpstreamSnapshot snapshotOf(String address) {
        return upstream.snapshot().stream().filter(peer -> peer.address().equals(address)).findFirst().orElseThrow();
    }
}
