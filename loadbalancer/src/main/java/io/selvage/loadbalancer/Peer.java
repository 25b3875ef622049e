package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// One peer in one [Upstream]: its configuration, its live state, and its weights for smooth round robin.
/// Guarded by the monitor of its [UpstreamState].
final class Peer {
    /// The parts of one unit of weight: a peer that starts slowly has a part of its weight.
    private static final int PARTS = 1000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final int index;
    private final PeerSpec spec;
    private final PeerState state;
    private final UpstreamState group;
    private final int maxFails;
    private final long failTimeoutNanos;
    private final long slowStartNanos;
    private final boolean ejectable;
    private final List<Probed> probed;

    private @Nullable String id;                           // once it is asked for
    private int effectiveWeight;
    private long currentWeight;                            // in parts

    /// A check of this peer, and what it knows.
    private record Probed(HealthCheck check, ProbeState state) {
        boolean blocks() {
            return state.blocks(check);
        }
    }

    /// @param alone true if it is the only peer, which is never left out after failures
    Peer(int index, PeerSpec spec, PeerState state, boolean alone, HealthRules health, UpstreamState group, long nowNanos) {
        this.index = index;
        this.spec = spec;
        this.state = state;
        this.group = group;
        this.maxFails = alone ? 0 : spec.maxFails();
        this.failTimeoutNanos = NANOSECONDS.convert(spec.failTimeout());
        this.slowStartNanos = alone ? 0 : NANOSECONDS.convert(spec.slowStart());
        this.ejectable = health.outliers().isPresent();
        this.probed = health.checks().stream().map(check -> new Probed(check, state.probe(check.id(), nowNanos))).toList();
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
    boolean usable(Ask.Among among, long nowNanos) {
        return !spec.mode().drain() && usableIfBound(among, nowNanos);
    }

    /// True if a request that is bound to it may get it now.
    boolean usableIfBound(Ask.Among among, long nowNanos) {
        return !spec.down() && hasRoom(nowNanos) && switch (among) {
            case HEALTHY -> isWell(nowNanos) && !isEjected();
            case EJECTED -> isWell(nowNanos);
            case ALL -> !isAwaitingProbe();
        };
    }

    private boolean hasRoom(long nowNanos) {
        int most = mostInFlight(nowNanos);
        return most == 0 || state.inFlight() < most;
    }

    /// The maximum number of leases now; 0 for no limit.
    private int mostInFlight(long nowNanos) {
        return spec.isAdaptive() ? state.limit.at(nowNanos) : spec.maxConns();
    }

    private boolean isWell(long nowNanos) {
        return !isUnhealthy() && !isResting(nowNanos);
    }

    private boolean isResting(long nowNanos) {
        return state.health.resting(nowNanos, maxFails, failTimeoutNanos);
    }

    private boolean isUnhealthy() {
        for (int i = 0; i < probed.size(); i++) {
            if (probed.get(i).blocks()) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwaitingProbe() {
        return probed.stream().anyMatch(each -> each.blocks() && each.state.verdict() == ProbeState.Verdict.UNKNOWN);
    }

    private boolean isEjected() {
        return ejectable && state.outlier.isEjected();
    }

    /// True if it would get requests, were it not full.
    boolean isHealthy(long nowNanos) {
        return !spec.down() && !spec.mode().drain() && isWell(nowNanos) && !isEjected();
    }

    /// Negative if this peer has fewer leases for its weight than `other`, zero if they are equal.
    int compareLoad(Peer other, long nowNanos) {
        return Long.compare(state.inFlight() * other.weight(nowNanos), other.state.inFlight() * weight(nowNanos));
    }

    /// Negative if this peer responds faster than `other`, with the leases in flight and the weights; zero if they are equal.
    int compareTime(Peer other, Policy.LeastTime policy, long now) {
        return Long.compare(cost(policy, now) * other.weight(now), other.cost(policy, now) * weight(now));
    }

    private long cost(Policy.LeastTime policy, long now) {
        ResponseTimes.Until until = policy.lastByte() ? ResponseTimes.Until.LAST_BYTE : ResponseTimes.Until.HEADER;
        return (1 + state.times.average(until, policy.inFlight() ? state.inFlight() : 0, now)) * (1 + state.inFlight());
    }

    /// Negative if this peer has the lower product of response time and leases for its weight, zero if they are equal. A peer
    /// that has a request and has never responded is the last choice: it gets no second request before its first response.
    int comparePeakEwma(Peer other, long now) {
        if (isUnknown() || other.isUnknown()) {
            return isUnknown() && other.isUnknown() ? compareLoad(other, now) : isUnknown() ? 1 : -1;
        }
        return Double.compare(peakEwma(now) * other.weight(now), other.peakEwma(now) * weight(now));
    }

    private boolean isUnknown() {
        return !state.latency.isKnown() && state.inFlight() > 0;
    }

    private double peakEwma(long now) {
        return (1 + state.latency.at(now)) * (1 + state.inFlight());
    }

    int inFlight() {
        return state.inFlight();
    }

    /// The weight in parts.
    private long weight(long nowNanos) {
        return spec.weight() * parts(nowNanos);
    }

    /// How many parts each unit of weight has now: all, or at least one while the peer starts slowly.
    private long parts(long nowNanos) {
        if (slowStartNanos == 0) {
            return PARTS;
        }
        long recovering = state.recoveringFor(nowNanos, slowStartNanos);
        return recovering < 0 ? PARTS : Math.max(1, recovering / Math.max(1, slowStartNanos / PARTS));
    }

    /// True if the times of its responses are needed, whatever the policy.
    boolean isAdaptive() {
        return spec.isAdaptive();
    }

    /// A lease whose times count has begun.
    void began(long nowNanos) {
        state.times.started(nowNanos);
        state.latency.began(nowNanos);
        state.limit.began(state.inFlight());
    }

    /// The head of a response has come.
    ///
    /// @param wasAlone whether the peer had no other lease when this one began
    void headReceived(long tookNanos, boolean wasAlone, long nowNanos) {
        state.times.took(ResponseTimes.Until.HEADER, tookNanos, nowNanos);
        state.latency.responded(tookNanos, nowNanos);
        state.limit.responded(tookNanos, wasAlone, nowNanos);
    }

    /// A lease whose times count has ended, or its head has come.
    void answeredOrEnded(long beganNanos) {
        state.latency.ended(beganNanos);
    }

    /// A lease whose times count has failed.
    void failedAfter(long tookNanos, long nowNanos) {
        state.latency.failed(tookNanos, nowNanos);
        state.limit.failed();
    }

    ResponseTimes times() {
        return state.times;
    }

    OutlierRecord outlier() {
        return state.outlier;
    }

    /// Takes part in one turn of smooth round robin.
    ///
    /// @return the weight used, in parts. A weight that failures have lowered grows by one unit for the next turn
    long takePart(long nowNanos) {
        long weight = effectiveWeight * parts(nowNanos);
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
    void won(long total) {
        currentWeight -= total;
    }

    /// Its weights in round robin.
    record Turn(int effectiveWeight, long currentWeight) {
    }

    Turn turn() {
        return new Turn(effectiveWeight, currentWeight);
    }

    /// Sets the weights to what they were.
    void restore(Turn turn) {
        effectiveWeight = turn.effectiveWeight;
        currentWeight = turn.currentWeight;
    }

    /// What a policy compares, for people; empty if it compares nothing of one peer alone.
    String score(Policy policy, long nowNanos) {
        return switch (policy) {
            case Policy.LeastConnections() -> "load %.2f".formatted((double) state.inFlight() * PARTS / weight(nowNanos));
            case Policy.LeastTime time -> "cost %.2f".formatted((double) cost(time, nowNanos) * PARTS / weight(nowNanos));
            case Policy.RandomTwo(Policy then) -> score(then, nowNanos);
            case Policy.PeakEwmaOfTwo() ->
                "cost %.2f ms".formatted(peakEwma(nowNanos) * PARTS / weight(nowNanos) / NANOS_PER_MILLI);
            default -> "";
        };
    }

    void chosen(long nowNanos) {
        state.chosen();
        if (isResting(nowNanos)) {
            state.health.tried(nowNanos);
        } else {
            state.health.chosen(nowNanos, failTimeoutNanos);
        }
    }

    void succeeded(LongSupplier nanoClock) {
        boolean wasOut = hasTooManyFails();
        state.succeeded();
        if (wasOut && !hasTooManyFails()) {
            recovered("a request has succeeded", nanoClock.getAsLong());
        }
    }

    void failed(long nowNanos) {
        boolean wasOut = hasTooManyFails();
        state.failed(nowNanos);
        if (maxFails > 0) {
            effectiveWeight = Math.max(0, effectiveWeight - spec.weight() / maxFails);
        }
        if (!wasOut && hasTooManyFails()) {
            group.changed(spec.address(), PeerHealth.State.UNAVAILABLE, failures());
        }
    }

    private boolean hasTooManyFails() {
        return maxFails > 0 && state.health.fails() >= maxFails;
    }

    private String failures() {
        return state.health.fails() == 1 ? "a request failed" : state.health.fails() + " requests failed";
    }

    void released() {
        state.released();
    }

    private void recovered(String reason, long nowNanos) {
        state.recovered(nowNanos);
        group.changed(spec.address(), PeerHealth.State.UP, reason);
    }

    void eject(OutlierDetection.Ejection rules, String reason, long nowNanos) {
        state.outlier.eject(rules, reason, nowNanos);
        group.changed(spec.address(), PeerHealth.State.EJECTED, reason);
    }

    void comeBack(long nowNanos) {
        state.outlier.comeBack(nowNanos);
        recovered("the time of its ejection is over", nowNanos);
    }

    /// Records a passed probe. If the peer was unhealthy, what requests have found out about it before does not count any more.
    /// A probe that ends after a reload has removed its check counts for nothing.
    void probePassed(HealthCheck check, long nowNanos) {
        state.knownProbe(check.id()).ifPresent(known -> passed(known, check, nowNanos));
    }

    private void passed(ProbeState known, HealthCheck check, long nowNanos) {
        boolean first = known.verdict() == ProbeState.Verdict.UNKNOWN;
        boolean wellAgain = known.passed(check, nowNanos);
        state.probed(true, false);
        if (wellAgain) {
            if (!first) {
                state.health.recovered();
                state.outlier.comeBack(nowNanos);
            }
            recovered(first ? "its first health check has passed" : "its health check has passed", nowNanos);
        }
    }

    /// Records a failed probe, as [#probePassed] does.
    void probeFailed(HealthCheck check, String reason, long nowNanos) {
        state.knownProbe(check.id()).ifPresent(known -> failed(known, check, reason, nowNanos));
    }

    private void failed(ProbeState known, HealthCheck check, String reason, long nowNanos) {
        boolean unhealthy = known.failed(check, reason, nowNanos);
        state.probed(false, unhealthy);
        if (unhealthy) {
            group.changed(spec.address(), PeerHealth.State.UNHEALTHY, reason);
        }
    }

    /// Begins the checks of another configuration.
    void startChecks(long nowNanos) {
        state.keepProbes(probed.stream().map(each -> each.check.id()).collect(Collectors.toSet()));
        probed.forEach(each -> each.state.restart(each.check, nowNanos));
    }

    UpstreamSnapshot snapshot(long nowNanos) {
        return new UpstreamSnapshot(spec.address(), spec.weight(), spec.backup(), spec.down(), state.inFlight(),
                mostInFlight(nowNanos), health(nowNanos), state.totals());
    }

    private PeerHealth health(long nowNanos) {
        PeerHealth.State now = healthState(nowNanos);
        return new PeerHealth(now, reason(now), Duration.ofNanos(Math.max(0, nowNanos - sinceNanos(now))),
                usable(Ask.Among.HEALTHY, nowNanos), state.health.fails(), state.probeTotals(), state.outlier.ejections());
    }

    private PeerHealth.State healthState(long nowNanos) {
        if (spec.down() || spec.mode().drain()) {
            return spec.down() ? PeerHealth.State.DOWN : PeerHealth.State.DRAINING;
        }
        if (isUnhealthy()) {
            boolean failed = probed.stream().anyMatch(each -> each.state.verdict() == ProbeState.Verdict.UNHEALTHY);
            return failed ? PeerHealth.State.UNHEALTHY : PeerHealth.State.CHECKING;
        }
        if (isEjected() || isResting(nowNanos)) {
            return isEjected() ? PeerHealth.State.EJECTED : PeerHealth.State.UNAVAILABLE;
        }
        return hasRoom(nowNanos) ? PeerHealth.State.UP : PeerHealth.State.BUSY;
    }

    private String reason(PeerHealth.State now) {
        return switch (now) {
            case DOWN -> "marked down";
            case DRAINING -> "marked as draining";
            case UNHEALTHY -> probed.stream().filter(each -> each.state.verdict() == ProbeState.Verdict.UNHEALTHY)
                    .map(each -> each.state.reason()).filter(why -> !why.isEmpty()).findFirst()
                    .orElse("too few health checks have passed");
            case CHECKING -> "no health check has passed yet";
            case EJECTED -> state.outlier.reason();
            case UNAVAILABLE -> failures();
            case BUSY -> "has " + (spec.isAdaptive() ? "max_conns=auto" : "max_conns=" + spec.maxConns()) + " requests";
            case UP -> "";
        };
    }

    private long sinceNanos(PeerHealth.State now) {
        return switch (now) {
            case UNHEALTHY, CHECKING -> probed.stream().filter(Probed::blocks).mapToLong(each -> each.state.sinceNanos())
                    .reduce((one, other) -> one - other < 0 ? one : other).orElseThrow();
            case EJECTED -> state.outlier.sinceNanos();
            case UNAVAILABLE -> state.health.checkedNanos();
            case DOWN, DRAINING, BUSY, UP -> state.recoveredNanos();
        };
    }
}
