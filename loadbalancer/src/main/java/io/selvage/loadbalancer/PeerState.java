package io.selvage.loadbalancer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The live state of one peer of an upstream. It survives reloads.
/// Guarded by the monitor of its [UpstreamState].
final class PeerState {
    final PassiveHealth health;
    final ResponseTimes times = new ResponseTimes();
    final OutlierRecord outlier = new OutlierRecord();
    final PeakEwma latency = new PeakEwma();
    final AdaptiveLimit limit;

    private final Map<String, ProbeState> probes = new HashMap<>();
    private int inFlight;
    private long chosen;
    private long succeeded;
    private long failed;
    private long probed;
    private long probesFailed;
    private long timesUnhealthy;
    private boolean lastProbePassed = true;
    private boolean recovering;                            // since `recoveredNanos`, until somebody finds that over
    private long recoveredNanos;

    PeerState(long nowNanos) {
        health = new PassiveHealth(nowNanos);
        limit = new AdaptiveLimit(nowNanos);
        recoveredNanos = nowNanos;
    }

    /// What a check knows of the peer.
    ProbeState probe(String check, long nowNanos) {
        return probes.computeIfAbsent(check, _ -> new ProbeState(nowNanos));
    }

    /// As [#probe]; empty if the newest configuration has no such check.
    Optional<ProbeState> knownProbe(String check) {
        return Optional.ofNullable(probes.get(check));
    }

    /// Forgets what other checks know of the peer.
    void keepProbes(Set<String> checks) {
        probes.keySet().retainAll(checks);
    }

    void probed(boolean passed, boolean becameUnhealthy) {
        probed++;
        probesFailed += passed ? 0 : 1;
        timesUnhealthy += becameUnhealthy ? 1 : 0;
        lastProbePassed = passed;
    }

    /// Starts to give the peer more and more requests, after it was left out.
    void recovered(long nowNanos) {
        recovering = true;
        recoveredNanos = nowNanos;
    }

    /// When the peer was last found to be well again, or was first used.
    long recoveredNanos() {
        return recoveredNanos;
    }

    /// How long ago the peer recovered; negative if that is `longestNanos` ago or more.
    long recoveringFor(long nowNanos, long longestNanos) {
        if (recovering && nowNanos - recoveredNanos >= longestNanos) {
            recovering = false;
        }
        return recovering ? nowNanos - recoveredNanos : -1;
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

    PeerHealth.Probes probeTotals() {
        return new PeerHealth.Probes(probed, probesFailed, timesUnhealthy, lastProbePassed);
    }
}
