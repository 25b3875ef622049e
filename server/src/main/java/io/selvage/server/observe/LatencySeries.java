package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.LinkedHashMap;
import java.util.Map;

/// All series of a latency log in the current interval: pure counting, without a clock or a file. For one thread.
///
/// A series is created with its first value, and removed after many intervals without one. Beyond the limit, a new name is
/// counted in the series `others` of its kind.
final class LatencySeries {
    private static final LatencyPhase[] PARTS = {
        LatencyPhase.QUEUE, LatencyPhase.CONNECT, LatencyPhase.FIRST_BYTE, LatencyPhase.BODY};

    private final int most;
    private final int patience;
    private final Kind locations = new Kind("location:");
    private final Kind peers = new Kind("peer:");
    private int seated;                                    // the number of series, without those named others

    /// @param most the maximum number of series, without the eleven named `others`
    /// @param patience the number of intervals after which an empty series is removed
    LatencySeries(int most, int patience) {
        this.most = most;
        this.patience = patience;
    }

    /// Counts an exchange that has ended.
    void add(RequestTiming took) {
        if (!took.isTunnel()) {
            locations.took(took.location(), LatencyPhase.WHOLE, took.wholeNanos());
        }
        if (!took.attempts().isEmpty()) {
            Attempt last = took.attempts().getLast();
            if (RequestTiming.isAnswered(last)) {
                addParts(locations, took.location(), last);
            }
            took.attempts().forEach(this::addToPeer);
        }
    }

    /// Counts an exchange without a peer.
    void add(String location, long wholeNanos) {
        locations.took(location, LatencyPhase.WHOLE, wholeNanos);
    }

    private void addToPeer(Attempt attempt) {
        if (RequestTiming.isAnswered(attempt)) {
            addParts(peers, attempt.peer(), attempt);
            if (!RequestTiming.isTunnel(attempt)) {
                peers.took(attempt.peer(), LatencyPhase.WHOLE, LatencyPhase.WHOLE.of(attempt));
            }
        } else if (attempt.totalNanos() >= 0) {
            peers.took(attempt.peer(), LatencyPhase.FAILED, LatencyPhase.FAILED.of(attempt));
        }
    }

    private void addParts(Kind kind, String name, Attempt attempt) {
        for (LatencyPhase part : PARTS) {
            if (part != LatencyPhase.BODY || !RequestTiming.isTunnel(attempt)) {
                kind.took(name, part, part.of(attempt));
            }
        }
    }

    /// Passes every series with values to the consumer, and starts the next interval.
    void endInterval(LatencySeriesSet.IntervalSink sink) {
        locations.endInterval(sink);
        peers.endInterval(sink);
    }

    /// Escapes the parts of a tag that come from the configuration: tags are separated by commas, and lines are split at spaces.
    private static String clean(String name) {
        StringBuilder clean = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > ' ' && c < 0x7f && c != ',' && c != '%') {
                clean.append(c);
            } else {
                clean.append(c < 0x100 ? String.format("%%%02X", (int) c) : String.format("%%u%04X", (int) c));
            }
        }
        return clean.toString();
    }

    /// The series of all locations, or of all peers.
    private final class Kind {
        private final String prefix;
        private final Map<String, LatencySeriesSet> subjects = new LinkedHashMap<>();
        private final LatencySeriesSet others;

        Kind(String prefix) {
            this.prefix = prefix;
            this.others = new LatencySeriesSet(prefix + "others");
        }

        void took(String name, LatencyPhase part, long nanos) {
            LatencySeriesSet subject = subjects.get(name);
            if (subject != null && subject.has(part)) {
                subject.took(part, nanos);
            } else if (seated == most) {
                others.took(part, nanos);
            } else {
                seated++;
                subjects.computeIfAbsent(name, known -> new LatencySeriesSet(prefix + clean(known))).took(part, nanos);
            }
        }

        void endInterval(LatencySeriesSet.IntervalSink sink) {
            for (LatencySeriesSet subject : subjects.values()) {
                seated -= subject.endInterval(patience, sink);
            }
            subjects.values().removeIf(subject -> !subject.hasAny());
            others.endInterval(patience, sink);
        }
    }
}
