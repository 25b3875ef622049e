package io.selvage.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.selvage.server.observe.LatencyKey;
import io.selvage.server.observe.LatencyPhase;
import io.selvage.server.observe.LocationCounts;
import io.selvage.server.observe.Traffic;
import io.selvage.server.observe.TrafficLocation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// The families about requests: how many, how many bytes, and how long they took, for each location and each peer.
final class TrafficFamilies implements MultiCollector {
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final Traffic traffic;

    /// The histograms of one series of [Traffic], by what they are about.
    private enum Family {
        REQUEST("selvage_request_duration_seconds", "From the first byte of a request until its response was sent."),
        LOCATION_PHASE("selvage_upstream_phase_duration_seconds", "Phases of the last attempt at a peer, for each location."),
        PEER("selvage_peer_response_duration_seconds", "From the start of an attempt at a peer until its response had arrived."),
        PEER_PHASE("selvage_peer_phase_duration_seconds", "Phases of attempts at a peer that were answered."),
        PEER_FAILED("selvage_peer_failed_attempt_duration_seconds", "The duration of attempts at a peer without an answer."),
        WAIT("selvage_queue_wait_seconds",
                "How long requests waited in the queue of an upstream, whether they got a peer or not.");

        private final String metric;
        private final String help;

        Family(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }

        static Family of(LatencyKey key) {
            boolean location = key.subject() == LatencyKey.Subject.LOCATION;
            return key.subject() == LatencyKey.Subject.UPSTREAM ? WAIT : switch (key.phase()) {
                case WHOLE -> location ? REQUEST : PEER;
                case QUEUE, WAIT, CONNECT, FIRST_BYTE, BODY -> location ? LOCATION_PHASE : PEER_PHASE;
                case FAILED -> PEER_FAILED;
            };
        }
    }

    private TrafficFamilies(Traffic traffic) {
        this.traffic = traffic;
    }

    static void register(Metrics metrics, Traffic traffic) {
        metrics.counter(new MetricName("selvage_requests_total", "Requests by the class of their status.", "site", "location",
                "code"), values -> traffic.counts().forEach(each -> addClasses(each, values)));
        metrics.counter(new MetricName("selvage_received_bytes_total", "Bytes of requests, with their heads.", "site",
                "location"),
                values -> addBytes(traffic, LocationCounts::received, values));
        metrics.counter(new MetricName("selvage_sent_bytes_total", "Bytes of responses, with their heads.", "site", "location"),
                values -> addBytes(traffic, LocationCounts::sent, values));
        metrics.counter(new MetricName("selvage_uncounted_requests_total",
                "Requests that are in no other metric, because too many ended at once."),
                values -> values.add(traffic.dropped()));
        metrics.register(new TrafficFamilies(traffic));
    }

    private static void addClasses(LocationCounts counts, MetricValues values) {
        for (int i = 0; i < CLASSES.size(); i++) {
            long count = counts.byClass().get(i);
            if (count > 0) {
                values.add(count, site(counts.location()), location(counts.location()), CLASSES.get(i));
            }
        }
    }

    private static void addBytes(Traffic traffic, ToLongFunction<LocationCounts> bytes, MetricValues values) {
        for (LocationCounts each : traffic.counts()) {
            if (each.requests() > 0) {
                values.add(bytes.applyAsLong(each), site(each.location()), location(each.location()));
            }
        }
    }

    private static String site(TrafficLocation location) {
        return location.equals(TrafficLocation.OTHERS) ? CollectedValues.OTHER : location.site();
    }

    private static String location(TrafficLocation location) {
        return location.equals(TrafficLocation.OTHERS) ? CollectedValues.OTHER : location.path();
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, TrafficLocation> locations = traffic.counts().stream().map(LocationCounts::location)
                .collect(Collectors.toMap(TrafficLocation::name, each -> each, (first, _) -> first));
        Map<Family, HistogramSnapshot.Builder> families = new EnumMap<>(Family.class);
        traffic.lifetime().forEach((key, histogram) -> families.computeIfAbsent(Family.of(key), TrafficFamilies::builder)
                .dataPoint(SecondsBuckets.of(histogram, labels(key, locations))));
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        families.values().forEach(family -> all.metricSnapshot(family.build()));
        return all.build();
    }

    private static HistogramSnapshot.Builder builder(Family family) {
        return HistogramSnapshot.builder().name(family.metric).help(family.help);
    }

    private static Labels labels(LatencyKey key, Map<String, TrafficLocation> locations) {
        Labels labels = switch (key.subject()) {
            case LOCATION -> {
                TrafficLocation location = locations.getOrDefault(key.name(), TrafficLocation.OTHERS);
                yield Labels.of("site", site(location), "location", location(location));
            }
            case PEER -> Labels.of("peer", named(key), "upstream",
                    key.upstream().isEmpty() ? CollectedValues.OTHER : key.upstream());
            case UPSTREAM -> Labels.of("upstream", named(key));
        };
        boolean whole = key.subject() == LatencyKey.Subject.UPSTREAM || key.phase() == LatencyPhase.WHOLE
                || key.phase() == LatencyPhase.FAILED;
        return whole ? labels : labels.add("phase", phase(key.phase()));
    }

    private static String named(LatencyKey key) {
        return key.name().equals(LatencyKey.OTHERS) ? CollectedValues.OTHER : key.name();
    }

    private static String phase(LatencyPhase phase) {
        return phase.suffix().substring(1).replace('-', '_');
    }
}
