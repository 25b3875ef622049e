package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// All series of latencies in the current interval: pure counting, without a clock or a file. For one thread at a time.
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
    ///
    /// @param location the name of the location that answered
    /// @param wholeNanos from the first byte of the exchange until the answer was sent
    /// @param attempts the attempts at peers, oldest first
    void add(String location, long wholeNanos, List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            locations.at("", location).took(LatencyPhase.WHOLE, wholeNanos);
            return;
        }
        addToLocation(location, wholeNanos, attempts.getLast());
        for (int i = 0; i < attempts.size(); i++) {
            addToPeer(attempts.get(i));
        }
    }

    /// Counts the values of a series of another object.
    void add(LatencyKey key, Histogram values) {
        kind(key).at(key.upstream(), key.name()).took(key.phase(), values);
    }

    /// @param last attempt
    private void addToLocation(String location, long wholeNanos, Attempt last) {
        Kind subject = locations.at("", location);
        if (!last.isTunnel()) {
            subject.took(LatencyPhase.WHOLE, wholeNanos);
        }
        if (last.waitedNanos() >= 0) {
            subject.took(LatencyPhase.WAIT, LatencyPhase.WAIT.of(last));
        }
        if (last.isAnswered()) {
            addParts(subject, last);
        }
    }

    private void addToPeer(Attempt attempt) {
        String upstream = attempt.peer().upstream();
        if (attempt.waitedNanos() >= 0) {
            upstreams.at("", upstream).took(LatencyPhase.WAIT, LatencyPhase.WAIT.of(attempt));
        }
        Kind subject = peers.at(upstream, attempt.peer().address());
        if (attempt.isAnswered()) {
            addParts(subject, attempt);
            if (!attempt.isTunnel()) {
                subject.took(LatencyPhase.WHOLE, LatencyPhase.WHOLE.of(attempt));
            }
        } else if (attempt.totalNanos() >= 0) {
            subject.took(LatencyPhase.FAILED, LatencyPhase.FAILED.of(attempt));
        }
    }

    private static void addParts(Kind subject, Attempt attempt) {
        for (LatencyPhase part : PARTS) {
            if (part != LatencyPhase.BODY || !attempt.isTunnel()) {
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
        return kind(key).has(key);
    }

    private Kind kind(LatencyKey key) {
        return switch (key.subject()) {
            case LOCATION -> locations;
            case PEER -> peers;
            case UPSTREAM -> upstreams;
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
            (known != null && known.has(part) ? known : withRoom()).took(part, nanos);
        }

        void took(LatencyPhase part, Histogram values) {
            LatencySeriesSet known = current;
            (known != null && known.has(part) ? known : withRoom()).took(part, values);
        }

        /// Where a value without a series belongs.
        private LatencySeriesSet withRoom() {
            if (name.equals(LatencyKey.OTHERS) || seated == most) {
                full = true;
                return others;
            }
            seated++;
            current = subjects.computeIfAbsent(new Named(upstream, name), _ -> new LatencySeriesSet(subject, upstream, name));
            return current;
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
