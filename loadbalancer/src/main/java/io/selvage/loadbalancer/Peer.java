package io.selvage.loadbalancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// One peer in one [Upstream]: its configuration, its live state, and its weights for smooth round robin.
/// Guarded by the monitor of its [UpstreamState].
final class Peer {
    private final int index;
    private final PeerSpec spec;
    private final PeerState state;
    private final int maxFails;
    private final long failTimeoutNanos;

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

    boolean usable(long nowNanos) {
        return !spec.down()
                && !state.health.resting(nowNanos, maxFails, failTimeoutNanos)
                && (spec.maxConns() == 0 || state.inFlight() < spec.maxConns());
    }

    /// Negative if this peer has fewer leases for its weight than `other`, zero if they are equal.
    int compareLoad(Peer other) {
        return Long.compare((long) state.inFlight() * other.spec.weight(), (long) other.state.inFlight() * spec.weight());
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
