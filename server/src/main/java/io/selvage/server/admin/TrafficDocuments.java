package io.selvage.server.admin;

import io.selvage.server.http.Attempt;
import io.selvage.server.observe.GcPause;
import io.selvage.server.observe.LatencyKey;
import io.selvage.server.observe.LocationCounts;
import io.selvage.server.observe.SlowRequest;
import io.selvage.server.observe.Traffic;
import io.selvage.server.observe.TrafficInterval;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// What has passed through the server, as documents. Times are in RFC 3339, durations in seconds.
final class TrafficDocuments {
    /// The time that the percentiles of an event are about.
    private static final Duration LATELY = Duration.ofMinutes(1);
    private static final int CLASSES = 6;
    private static final double NANOS = 1e9;

    private TrafficDocuments() {
    }

    /// Exchanges since the start, of all locations together.
    static JsonObjectBuilder totals(Traffic traffic) {
        return counts(traffic.counts()).add("dropped", traffic.dropped());
    }

    /// The latencies of the last minute, rounded up to whole intervals.
    static JsonArrayBuilder lately(Traffic traffic) {
        List<TrafficInterval> all = traffic.intervals();
        long from = all.getLast().toMillis() - LATELY.toMillis();
        return LatencySeriesDocument.percentiles(all.stream().filter(interval -> interval.toMillis() > from).toList());
    }

    /// What `/api/history` answers: the intervals of the last fifteen minutes, oldest first. The last one is still going on.
    ///
    /// @param after leaves out the intervals that ended then or before
    static JsonObject history(Traffic traffic, Instant after) {
        List<TrafficInterval> all = traffic.intervals();
        Set<LatencyKey> subjects = LatencySeriesDocument.busiest(all);
        JsonArrayBuilder intervals = JSON.createArrayBuilder();
        all.stream().filter(interval -> interval.toMillis() > after.toEpochMilli())
                .forEach(interval -> intervals.add(interval(interval, subjects)));
        return JSON.createObjectBuilder()
                .add("bounds_seconds", LatencySeriesDocument.bounds())
                .add("intervals", intervals)
                .build();
    }

    private static JsonObjectBuilder interval(TrafficInterval interval, Set<LatencyKey> subjects) {
        return counts(interval.counts())
                .add("from", time(interval.fromMillis()))
                .add("to", time(interval.toMillis()))
                .add("series", LatencySeriesDocument.ranges(interval, subjects));
    }

    private static JsonObjectBuilder counts(List<LocationCounts> locations) {
        JsonArrayBuilder classes = JSON.createArrayBuilder();
        for (int i = 0; i < CLASSES; i++) {
            int digit = i;
            classes.add(locations.stream().mapToLong(location -> location.byClass().get(digit)).sum());
        }
        return JSON.createObjectBuilder()
                .add("classes", classes)
                .add("received_bytes", locations.stream().mapToLong(LocationCounts::received).sum())
                .add("sent_bytes", locations.stream().mapToLong(LocationCounts::sent).sum());
    }

    /// What `/api/slowest` answers: the slowest requests of the last fifteen minutes, the slowest first.
    static JsonObject slowest(Traffic traffic) {
        return JSON.createObjectBuilder()
                .add("requests", Documents.array(traffic.slowest(), TrafficDocuments::request))
                .build();
    }

    private static JsonObject request(SlowRequest request) {
        return JSON.createObjectBuilder()
                .add("started", time(request.startedMillis()))
                .add("seconds", request.nanos() / NANOS)
                .add("method", request.method())
                .add("path", request.path())
                .add("status", request.status())
                .add("location", request.location().name())
                .add("attempts", Documents.array(request.attempts(), TrafficDocuments::attempt))
                .add("gc_pauses", Documents.array(request.pauses(), TrafficDocuments::pause))
                .build();
    }

    /// An attempt without `first_byte_seconds` got no answer.
    private static JsonObject attempt(Attempt attempt) {
        JsonObjectBuilder document = JSON.createObjectBuilder()
                .add("peer", attempt.peer().address())
                .add("status", attempt.status().code())
                .add("queue_seconds", attempt.queuedNanos() / NANOS)
                .add("total_seconds", attempt.totalNanos() / NANOS);
        if (attempt.waitedNanos() >= 0) {
            document.add("waited_seconds", attempt.waitedNanos() / NANOS);
        }
        if (attempt.headerNanos() >= 0) {
            document.add("connect_seconds", attempt.connectNanos() / NANOS)
                    .add("first_byte_seconds", (attempt.headerNanos() - attempt.connectNanos()) / NANOS);
        }
        return document.build();
    }

    private static JsonObject pause(GcPause pause) {
        return JSON.createObjectBuilder()
                .add("at", time(pause.startedMillis()))
                .add("seconds", pause.millis() / 1e3)
                .add("collector", pause.collector())
                .add("cause", pause.cause())
                .build();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
