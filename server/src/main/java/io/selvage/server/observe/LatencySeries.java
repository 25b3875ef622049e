package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.LinkedHashMap;
import java.util.Map;

/// All series of latencies in the current interval: pure counting, without a clock or a file. For one thread.
///
/// A series is created with its first value, and removed after many intervals without one. Beyond the limit, a new name is
/// counted in the series `others` of its kind.
final class LatencySeries {
    private static final LatencyPhase[] PARTS = {
        LatencyPhase.QUEUE, LatencyPhase.CONNECT, LatencyPhase.FIRST_BYTE, LatencyPhase.BODY};

    private final int most;
    private final int patience;
    private final Kind locations = new Kind(LatencyKey.Subject.LOCATION);
    private final Kind peers = new Kind(LatencyKey.Subject.PEER);
    private final Kind upstreams = new Kind(LatencyKey.Subject.UPSTREAM);
    private int seated;                                    // the number of series, without those named others
    private boolean full;                                  // once a value was counted as one of others

    /// @param most the maximum number of series, without the thirteen named `others`
    /// @param patience the number of intervals after which an empty series is removed
    LatencySeries(int most, int patience) {
        this.most = most;
        this.patience = patience;
    }

    /// Counts an exchange that has ended.
    void add(RequestTiming took) {
        if (!took.isTunnel()) {
            locations.took("", took.location(), LatencyPhase.WHOLE, took.wholeNanos());
        }
        if (!took.attempts().isEmpty()) {
            Attempt last = took.attempts().getLast();
            if (last.waitedNanos() >= 0) {
                locations.took("", took.location(), LatencyPhase.WAIT, LatencyPhase.WAIT.of(last));
            }
            if (RequestTiming.isAnswered(last)) {
                addParts(locations, "", took.location(), last);
            }
            took.attempts().forEach(this::addToPeer);
        }
    }

    /// Counts an exchange without a peer.
    void add(String location, long wholeNanos) {
        locations.took("", location, LatencyPhase.WHOLE, wholeNanos);
    }

    private void addToPeer(Attempt attempt) {
        String upstream = attempt.peer().upstream();
        String address = attempt.peer().address();
        if (attempt.waitedNanos() >= 0) {
            upstreams.took("", upstream, LatencyPhase.WAIT, LatencyPhase.WAIT.of(attempt));
        }
        if (RequestTiming.isAnswered(attempt)) {
            addParts(peers, upstream, address, attempt);
            if (!RequestTiming.isTunnel(attempt)) {
                peers.took(upstream, address, LatencyPhase.WHOLE, LatencyPhase.WHOLE.of(attempt));
            }
        } else if (attempt.totalNanos() >= 0) {
            peers.took(upstream, address, LatencyPhase.FAILED, LatencyPhase.FAILED.of(attempt));
        }
    }

    private void addParts(Kind kind, String upstream, String name, Attempt attempt) {
        for (LatencyPhase part : PARTS) {
            if (part != LatencyPhase.BODY || !RequestTiming.isTunnel(attempt)) {
                kind.took(upstream, name, part, part.of(attempt));
            }
        }
    }

    /// Passes every series with values to the consumer, and starts the next interval.
    void endInterval(LatencySeriesSet.IntervalSink sink) {
        locations.endInterval(sink);
        peers.endInterval(sink);
        upstreams.endInterval(sink);
    }

    /// Passes every series with values in the current interval to the consumer.
    void current(LatencySeriesSet.IntervalSink sink) {
        locations.current(sink);
        peers.current(sink);
        upstreams.current(sink);
    }

    /// True if there is such a series. Those of the others always exist.
    boolean has(LatencyKey key) {
        return switch (key.subject()) {
            case LOCATION -> locations.has(key);
            case PEER -> peers.has(key);
            case UPSTREAM -> upstreams.has(key);
        };
    }

    /// True once a value was counted among the others, because there are too many series.
    boolean isFull() {
        return full;
    }

    /// The identity of a set of series: as in [LatencyKey].
    private record Named(String upstream, String name) {
    }

    /// The series of all locations, of all peers or of all upstreams.
    private final class Kind {
        private final LatencyKey.Subject subject;
        private final Map<Named, LatencySeriesSet> subjects = new LinkedHashMap<>();
        private final LatencySeriesSet others;

        Kind(LatencyKey.Subject subject) {
            this.subject = subject;
            this.others = new LatencySeriesSet(subject, "", LatencyKey.OTHERS);
        }

        void took(String upstream, String name, LatencyPhase part, long nanos) {
            Named named = new Named(upstream, name);
            LatencySeriesSet known = subjects.get(named);
            if (known != null && known.has(part)) {
                known.took(part, nanos);
            } else if (seated == most) {
                full = true;
                others.took(part, nanos);
            } else {
                seated++;
                subjects.computeIfAbsent(named, _ -> new LatencySeriesSet(subject, upstream, name)).took(part, nanos);
            }
        }

        boolean has(LatencyKey key) {
            LatencySeriesSet known = subjects.get(new Named(key.upstream(), key.name()));
            return key.name().equals(LatencyKey.OTHERS) || known != null && known.has(key.phase());
        }

        void endInterval(LatencySeriesSet.IntervalSink sink) {
            for (LatencySeriesSet each : subjects.values()) {
                seated -= each.endInterval(patience, sink);
            }
            subjects.values().removeIf(each -> !each.hasAny());
            others.endInterval(patience, sink);
        }

        void current(LatencySeriesSet.IntervalSink sink) {
            subjects.values().forEach(each -> each.current(sink));
            others.current(sink);
        }
    }
}
