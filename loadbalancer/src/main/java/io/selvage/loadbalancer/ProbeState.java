package io.selvage.loadbalancer;

/// What one active health check knows of one peer. It survives reloads.
/// Guarded by the monitor of its [UpstreamState].
final class ProbeState {
    private Verdict verdict = Verdict.UNKNOWN;
    private String reason = "";
    private int passes;                                    // one after the other, since the last failure
    private int fails;                                     // one after the other, since the last pass
    private long sinceNanos;

    /// Of the check about the peer.
    enum Verdict { UNKNOWN, HEALTHY, UNHEALTHY }

    ProbeState(long nowNanos) {
        sinceNanos = nowNanos;
    }

    Verdict verdict() {
        return verdict;
    }

    /// Why the last probe failed; empty if it passed.
    String reason() {
        return reason;
    }

    /// Since when the verdict is what it is.
    long sinceNanos() {
        return sinceNanos;
    }

    /// True if the peer must be left out because of this check.
    boolean blocks(HealthCheck check) {
        return verdict == Verdict.UNHEALTHY || verdict == Verdict.UNKNOWN && check.mandatory();
    }

    /// Records a probe that passed. The first one of all decides alone.
    ///
    /// @return true if the peer was left out until now and is not any more
    boolean passed(HealthCheck check, long nowNanos) {
        boolean blocked = blocks(check);
        passes++;
        fails = 0;
        reason = "";
        if (verdict == Verdict.UNKNOWN || passes >= check.passes()) {
            become(Verdict.HEALTHY, nowNanos);
        }
        return blocked && !blocks(check);
    }

    /// Records a probe that failed. The first one of a mandatory check decides alone.
    ///
    /// @return true if the peer becomes unhealthy
    boolean failed(HealthCheck check, String why, long nowNanos) {
        Verdict before = verdict;
        fails++;
        passes = 0;
        reason = why;
        if (fails >= check.fails() || blocks(check)) {
            become(Verdict.UNHEALTHY, nowNanos);
        }
        return verdict != before;
    }

    /// Forgets in a new configuration that the peer was healthy, if the check says so.
    void restart(HealthCheck check, long nowNanos) {
        if (verdict == Verdict.HEALTHY && check.mandatory() && !check.persistent()) {
            become(Verdict.UNKNOWN, nowNanos);
        }
    }

    private void become(Verdict other, long nowNanos) {
        if (verdict != other) {
            verdict = other;
            sinceNanos = nowNanos;
        }
    }
}
