package io.selvage.loadbalancer;

import org.jspecify.annotations.Nullable;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// One peer in one [Upstream]: its configuration, its live state, and its weights for smooth round robin.
/// Guarded by the monitor of its [UpstreamState].
final class Peer {
    private final int index;
    private final PeerSpec spec;
    private final PeerState state;
    private final int maxFails;
    private final long failTimeoutNanos;

    private @Nullable String id;                           // once it is asked for
    private int effectiveWeight;
    private int currentWeight;

    /// @param alone true if it is the only peer, which is never left out
    Peer(int index, PeerSpec spec, PeerState state, boolean alone) {
        this.index = index;
        this.spec = spec;
        this.state = state;
        this.maxFails = alone ? 0 : spec.maxFails();
        this.failTimeoutNanos = NANOSECONDS.convert(spec.failTimeout());
        this.effectiveWeight = spec.weight();
    }

    int index() {
        return index;
    }

    PeerSpec spec() {
        return spec;
    }

    /// By what requests are bound to it.
    String id() {
        String known = id;
        if (known == null) {
            known = spec.id();
            id = known;
        }
        return known;
    }

    /// True if any request may get it now.
    boolean usable(long nowNanos) {
        return !spec.mode().drain() && usableIfBound(nowNanos);
    }

    /// True if a request that is bound to it may get it now.
    boolean usableIfBound(long nowNanos) {
        return !spec.down()
                && !state.health.resting(nowNanos, maxFails, failTimeoutNanos)
                && (spec.maxConns() == 0 || state.inFlight() < spec.maxConns());
    }

    /// Negative if this peer has fewer leases for its weight than `other`, zero if they are equal.
    int compareLoad(Peer other) {
        return Long.compare((long) state.inFlight() * other.spec.weight(), (long) other.state.inFlight() * spec.weight());
    }

    /// Negative if this peer responds faster than `other`, with the leases in flight and the weights; zero if they are equal.
    int compareTime(Peer other, Policy.LeastTime policy, long now) {
        return Long.compare(cost(policy, now) * other.spec.weight(), other.cost(policy, now) * spec.weight());
    }

    private long cost(Policy.LeastTime policy, long now) {
        ResponseTimes.Until until = policy.lastByte() ? ResponseTimes.Until.LAST_BYTE : ResponseTimes.Until.HEADER;
        return (1 + state.times.average(until, policy.inFlight() ? state.inFlight() : 0, now)) * (1 + state.inFlight());
    }

    ResponseTimes times() {
        return state.times;
    }

    /// Takes part in one turn of smooth round robin.
    ///
    /// @return the weight used. A weight that failures have lowered grows by one for the next turn
    int takePart() {
        int weight = effectiveWeight;
        currentWeight += weight;
        if (effectiveWeight < spec.weight()) {
            effectiveWeight++;
        }
        return weight;
    }

    boolean isAheadOf(Peer other) {
        return currentWeight > other.currentWeight;
    }

    /// Records that this peer won a turn whose participants had `total` weight.
    void won(int total) {
        currentWeight -= total;
    }

    void chosen(long nowNanos) {
        state.chosen();
        state.health.chosen(nowNanos, failTimeoutNanos);
    }

    void succeeded() {
        state.succeeded();
    }

    void failed(long nowNanos) {
        state.failed(nowNanos);
        if (maxFails > 0) {
            effectiveWeight = Math.max(0, effectiveWeight - spec.weight() / maxFails);
        }
    }

    void released() {
        state.released();
    }

    UpstreamSnapshot snapshot(long nowNanos) {
        return new UpstreamSnapshot(spec.address(), spec.weight(), spec.backup(), spec.down(), state.inFlight(),
                state.health.fails(), usable(nowNanos), state.totals());
    }
}
