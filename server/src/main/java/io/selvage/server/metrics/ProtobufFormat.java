package io.selvage.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;

/// Writes metrics as messages `io.prometheus.client.MetricFamily`, the only format in which Prometheus 2 and 3 take native
/// histograms. The numbers of the fields are those of `io/prometheus/client/metrics.proto`.
final class ProtobufFormat {
    static final String CONTENT_TYPE =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private static final int COUNTER = 0;
    private static final int GAUGE = 1;
    private static final int SUMMARY = 2;
    private static final int HISTOGRAM = 4;

    private ProtobufFormat() {
    }

    /// True if a client prefers this format: it names the message.
    ///
    /// @param accept the field `Accept`
    static boolean isAccepted(String accept) {
        return accept.contains("application/vnd.google.protobuf") && accept.contains("io.prometheus.client.MetricFamily");
    }

    static byte[] write(MetricSnapshots snapshots) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (MetricSnapshot each : snapshots) {
            if (!each.getDataPoints().isEmpty()) {
                family(each).writeDelimited(out);
            }
        }
        return out.toByteArray();
    }

    private static ProtobufMessage family(MetricSnapshot snapshot) {
        String name = snapshot.getMetadata().getPrometheusName();
        int type = switch (snapshot) {
            case CounterSnapshot _ -> COUNTER;
            case SummarySnapshot _ -> SUMMARY;
            case HistogramSnapshot _ -> HISTOGRAM;
            default -> GAUGE;
        };
        String help = snapshot.getMetadata().getHelp();
        ProtobufMessage family = new ProtobufMessage().text(1, name + suffix(snapshot)).text(2, help == null ? "" : help)
                .number(3, type);
        snapshot.getDataPoints().forEach(point -> family.message(4, metric(point)));
        return family;
    }

    private static String suffix(MetricSnapshot snapshot) {
        return snapshot instanceof CounterSnapshot ? "_total"
                : snapshot instanceof InfoSnapshot ? "_info" : "";
    }

    private static ProtobufMessage metric(DataPointSnapshot point) {
        ProtobufMessage metric = new ProtobufMessage();
        for (Label label : point.getLabels()) {
            metric.message(1, new ProtobufMessage().text(1, label.getName()).text(2, label.getValue()));
        }
        return switch (point) {
            case GaugeDataPointSnapshot gauge -> metric.message(2, new ProtobufMessage().real(1, gauge.getValue()));
            case CounterDataPointSnapshot counter -> metric.message(3, new ProtobufMessage().real(1, counter.getValue()));
            case SummaryDataPointSnapshot summary -> metric.message(4,
                    new ProtobufMessage().number(1, summary.getCount()).real(2, summary.getSum()));
            case HistogramDataPointSnapshot histogram -> metric.message(7, histogram(histogram));
            case InfoDataPointSnapshot _ -> metric.message(2, new ProtobufMessage().real(1, 1));
            default -> throw new IllegalArgumentException("a metric of another kind: " + point.getClass());
        };
    }

    /// With classic and native buckets: the reader chooses.
    private static ProtobufMessage histogram(HistogramDataPointSnapshot point) {
        ProtobufMessage histogram = new ProtobufMessage().number(1, point.getCount()).real(2, point.getSum());
        ClassicHistogramBuckets classic = point.getClassicBuckets();
        long below = 0;
        for (int i = 0; i < classic.size(); i++) {
            below += classic.getCount(i);
            histogram.message(3, new ProtobufMessage().number(1, below).real(2, classic.getUpperBound(i)));
        }
        histogram.signed(5, point.getNativeSchema()).real(6, point.getNativeZeroThreshold())
                .number(7, point.getNativeZeroCount());
        positive(histogram, point.getNativeBucketsForPositiveValues());
        return histogram;
    }

    /// Buckets that follow each other are a span; the count of a bucket is its difference to the one before it.
    private static void positive(ProtobufMessage histogram, NativeHistogramBuckets buckets) {
        if (buckets.size() == 0) {
            histogram.message(12, new ProtobufMessage().signed(1, 0).number(2, 0));   // tells a native histogram without values
            return;
        }
        long[] deltas = new long[buckets.size()];
        long before = 0;
        int from = 0;
        int end = 0;                                       // the bucket behind the last span
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = buckets.getCount(i) - before;
            before = buckets.getCount(i);
            if (i + 1 == deltas.length || buckets.getBucketIndex(i + 1) != buckets.getBucketIndex(i) + 1) {
                histogram.message(12,
                        new ProtobufMessage().signed(1, buckets.getBucketIndex(from) - end).number(2, i + 1 - from));
                end = buckets.getBucketIndex(i) + 1;
                from = i + 1;
            }
        }
        histogram.signed(13, deltas);
    }
}
