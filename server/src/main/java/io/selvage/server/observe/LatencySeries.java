package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        if (took.attempts().isEmpty()) {
            add(took.location(), took.wholeNanos());
        } else {
            addToLocation(took.location(), took.wholeNanos(), took.attempts().getLast());
            took.attempts().forEach(this::addToPeer);
        }
    }

    /// Counts an exchange without a peer.
    void add(String location, long wholeNanos) {
        locations.at("", location).took(LatencyPhase.WHOLE, wholeNanos);
    }

    /// Counts an exchange with one attempt.
    void add(String location, long wholeNanos, Attempt attempt) {
        addToLocation(location, wholeNanos, attempt);
        addToPeer(attempt);
    }

    /// @param last attempt
    private void addToLocation(String location, long wholeNanos, Attempt last) {
        Kind subject = locations.at("", location);
        if (!RequestTiming.isTunnel(last)) {
            subject.took(LatencyPhase.WHOLE, wholeNanos);
        }
        if (last.waitedNanos() >= 0) {
            subject.took(LatencyPhase.WAIT, LatencyPhase.WAIT.of(last));
        }
        if (RequestTiming.isAnswered(last)) {
            addParts(subject, last);
        }
    }

    private void addToPeer(Attempt attempt) {
        String upstream = attempt.peer().upstream();
        if (attempt.waitedNanos() >= 0) {
            upstreams.at("", upstream).took(LatencyPhase.WAIT, LatencyPhase.WAIT.of(attempt));
        }
        Kind subject = peers.at(upstream, attempt.peer().address());
        if (RequestTiming.isAnswered(attempt)) {
            addParts(subject, attempt);
            if (!RequestTiming.isTunnel(attempt)) {
                subject.took(LatencyPhase.WHOLE, LatencyPhase.WHOLE.of(attempt));
            }
        } else if (attempt.totalNanos() >= 0) {
            subject.took(LatencyPhase.FAILED, LatencyPhase.FAILED.of(attempt));
        }
    }

    private static void addParts(Kind subject, Attempt attempt) {
        for (LatencyPhase part : PARTS) {
            if (part != LatencyPhase.BODY || !RequestTiming.isTunnel(attempt)) {
                subject.took(part, part.of(attempt));
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
        private String upstream = "";                      // these two: whose values are being counted
        private String name = "";
        private @Nullable LatencySeriesSet current;        // its series, if it has any

        Kind(LatencyKey.Subject subject) {
            this.subject = subject;
            this.others = new LatencySeriesSet(subject, "", LatencyKey.OTHERS);
        }

        /// Selects whose values [#took] counts. One look-up serves all values of an exchange, and of the next ones with the same
        /// name.
        Kind at(String ofUpstream, String ofName) {
            if (current != null && name.equals(ofName) && upstream.equals(ofUpstream)) {
                return this;
            }
            upstream = ofUpstream;
            name = ofName;
            current = subjects.get(new Named(ofUpstream, ofName));
            return this;
        }

        void took(LatencyPhase part, long nanos) {
            LatencySeriesSet known = current;
            if (known != null && known.has(part)) {
                known.took(part, nanos);
            } else if (seated == most) {
                full = true;
                others.took(part, nanos);
            } else {
                seated++;
                known = subjects.computeIfAbsent(new Named(upstream, name), _ -> new LatencySeriesSet(subject, upstream, name));
                current = known;
                known.took(part, nanos);
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
