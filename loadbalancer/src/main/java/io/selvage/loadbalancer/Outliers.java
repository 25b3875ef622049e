package io.selvage.loadbalancer;

import java.util.List;
import java.util.Locale;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// Ejects the outliers of one [Upstream] and lets them return. Failures in a row count at once; rates and latencies are compared
/// at the end of each interval. There is no timer: every request looks at the clock.
///
/// A peer is not ejected if that would leave none that can be used.
/// Guarded by the monitor of its [UpstreamState].
final class Outliers {
    private static final int LEAST_5XX = 500;
    /// Differences of latency below this are not differences.
    private static final double LEAST_DIFFERENCE = 20e6;

    private final OutlierDetection rules;
    private final List<Peer> peers;
    private final long intervalNanos;
    private long intervalEndNanos;
    private long nextNanos;                                // when there is something to do

    Outliers(OutlierDetection rules, List<Peer> peers, long nowNanos) {
        this.rules = rules;
        this.peers = peers;
        this.intervalNanos = NANOSECONDS.convert(rules.interval());
        this.intervalEndNanos = nowNanos + intervalNanos;
        this.nextNanos = nowNanos;
    }

    /// Does what is due: ends ejections and intervals.
    void tick(long nowNanos) {
        if (nowNanos - nextNanos < 0) {
            return;
        }
        for (Peer peer : peers) {
            if (peer.outlier().isEjected() && nowNanos - peer.outlier().untilNanos() >= 0) {
                peer.comeBack(nowNanos);
            }
        }
        if (nowNanos - intervalEndNanos >= 0) {
            compare(nowNanos);
            peers.forEach(peer -> peer.outlier().startInterval());
            intervalEndNanos = nowNanos + intervalNanos;
        }
        plan();
    }

    private void plan() {
        nextNanos = intervalEndNanos;
        for (Peer peer : peers) {
            if (peer.outlier().isEjected() && peer.outlier().untilNanos() - nextNanos < 0) {
                nextNanos = peer.outlier().untilNanos();
            }
        }
    }

    /// Records that a peer sent the head of a response.
    void headReceived(Peer peer, long tookNanos) {
        peer.outlier().took(tookNanos);
    }

    /// Records that a request ended.
    ///
    /// @param status of the response; 0 if there was none
    void ended(Peer peer, boolean failed, int status, long nowNanos) {
        int consecutive = peer.outlier().ended(!failed && status < LEAST_5XX);
        int most = rules.rules().consecutive5xx();
        if (most > 0 && consecutive >= most) {
            eject(peer, consecutive + " failures in a row, the last one "
                    + (status >= LEAST_5XX ? "status " + status : "without a response"), nowNanos);
            plan();
        }
    }

    private void compare(long nowNanos) {
        if (rules.rules().successRate() > 0) {
            compareRates(rules.rules().successRate(), nowNanos);
        }
        if (measuresTime()) {
            compareLatencies(rules.rules().latencyFactor(), nowNanos);
        }
    }

    private void compareRates(int least, long nowNanos) {
        List<Peer> counted = peers.stream().filter(peer -> peer.outlier().requests() >= rules.requestVolume()).toList();
        double[] sorted = counted.stream().mapToDouble(peer -> peer.outlier().successRate()).sorted().toArray();
        if (sorted.length < 2 || sorted[sorted.length / 2] < least) {
            return;
        }
        for (Peer peer : counted) {
            OutlierRecord of = peer.outlier();
            if (of.successRate() < least) {
                eject(peer, String.format(Locale.ROOT, "success rate %.0f %% of %d requests", of.successRate(), of.requests()),
                        nowNanos);
            }
        }
    }

    private void compareLatencies(double factor, long nowNanos) {
        List<Peer> counted = peers.stream().filter(peer -> peer.outlier().heads() >= rules.requestVolume()).toList();
        double[] sorted = counted.stream().mapToDouble(peer -> peer.outlier().meanNanos()).sorted().toArray();
        if (sorted.length < 2) {
            return;
        }
        double median = sorted[(sorted.length - 1) / 2];
        for (Peer peer : counted) {
            double mean = peer.outlier().meanNanos();
            if (mean > median * factor && mean - median >= LEAST_DIFFERENCE) {
                eject(peer, String.format(Locale.ROOT, "mean latency %.0f ms, the median of the peers is %.0f ms", mean / 1e6,
                        median / 1e6), nowNanos);
            }
        }
    }

    private void eject(Peer peer, String reason, long nowNanos) {
        if (!peer.outlier().isEjected() && isAllowed(peer, nowNanos)) {
            peer.eject(rules.ejection(), reason, nowNanos);
        }
    }

    private boolean isAllowed(Peer candidate, long nowNanos) {
        int most = Math.max(1, peers.size() * rules.ejection().mostPercent() / 100);
        long ejected = peers.stream().filter(peer -> peer.outlier().isEjected()).count();
        return ejected < most && peers.stream().anyMatch(peer -> peer != candidate && peer.isHealthy(nowNanos));
    }

    /// True if the times of responses count.
    boolean measuresTime() {
        return rules.rules().latencyFactor() > 0;
    }
}
