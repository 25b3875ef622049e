package io.selvage.loadbalancer;

/// The live state of one peer of an upstream. It survives reloads.
/// Guarded by the monitor of its [UpstreamState].
final class PeerState {
    final PassiveHealth health;
    final ResponseTimes times = new ResponseTimes();

    private int inFlight;
    private long chosen;
    private long succeeded;
    private long failed;

    PeerState(long nowNanos) {
        health = new PassiveHealth(nowNanos);
    }

    void chosen() {
        inFlight++;
        chosen++;
    }

    void released() {
        inFlight--;
    }

    void succeeded() {
        succeeded++;
        health.succeeded();
    }

    void failed(long nowNanos) {
        failed++;
        health.failed(nowNanos);
    }

    int inFlight() {
        return inFlight;
    }

    UpstreamSnapshot.Totals totals() {
        return new UpstreamSnapshot.Totals(chosen, succeeded, failed);
    }
}
