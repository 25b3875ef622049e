package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.LinkedHashMap;
import java.util.Map;

/// All series of a latency log in the interval that runs: pure counting, without a clock or a file. For one thread.
///
/// A series is begun when it has a value, and let go of when it had none for long. Beyond a bound, what would be a new one is
/// counted in the series `others` of its kind.
final class LatencySeries {
    private static final LatencyPhase[] PARTS = {
        LatencyPhase.QUEUE, LatencyPhase.CONNECT, LatencyPhase.FIRST_BYTE, LatencyPhase.BODY};

    private final int most;
    private final int patience;
    private final Kind locations = new Kind("location:");
    private final Kind peers = new Kind("peer:");
    private int seated;                                    // series that there are, those called others aside

    /// @param most series; the eleven that are called `others` come on top
    /// @param patience intervals after which an empty series is let go of
    LatencySeries(int most, int patience) {
        this.most = most;
        this.patience = patience;
    }

    /// Counts an exchange that is over.
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

    /// Counts one that no peer was asked for.
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

    /// Hands out every series that has values, and begins the next interval.
    void endInterval(LatencySeriesSet.IntervalSink sink) {
        locations.endInterval(sink);
        peers.endInterval(sink);
    }

    /// What the parts of a tag that came from outside must not hold: it stands between commas, and lines are split at spaces.
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

    /// Locations, or peers.
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
