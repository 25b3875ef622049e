package io.selvage.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The bytes of the messages. Real Prometheus reads them in `MetricsIT` of `deploy`.
class ProtobufFormatTest {
    private static String hex(ProtobufMessage message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeDelimited(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static String hex(MetricSnapshot snapshot) {
        return HexFormat.of().formatHex(ProtobufFormat.write(MetricSnapshots.of(snapshot)));
    }

    @Test
    void fieldsAreEncodedAsTheSpecificationSays() {
        assertEquals("03" + "089601", hex(new ProtobufMessage().number(1, 150)));
        assertEquals("02" + "2803", hex(new ProtobufMessage().signed(5, -2)));
        assertEquals("0b" + "08" + "ffffffffffffffffff01", hex(new ProtobufMessage().signed(1, Long.MIN_VALUE)));
        assertEquals("09" + "1207" + "74657374696e67", hex(new ProtobufMessage().text(2, "testing")));
        assertEquals("04" + "1202" + "c3a9", hex(new ProtobufMessage().text(2, "é")));
        assertEquals("09" + "11" + "000000000000f03f", hex(new ProtobufMessage().real(2, 1)));
        assertEquals("05" + "1a03" + "089601", hex(new ProtobufMessage().message(3, new ProtobufMessage().number(1, 150))));
        assertEquals("05" + "6a03" + "020100", hex(new ProtobufMessage().signed(13, 1, -1, 0)));
    }

    @Test
    void counterHasItsNameAndLabels() {
        String family = hex(CounterSnapshot.builder().name("a").help("b").dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("l", "v")).value(1).build()).build());
        String metric = "0a06" + "0a016c" + "120176" + "1a09" + "09000000000000f03f";
        assertEquals("23" + "0a07615f746f74616c" + "120162" + "1800" + "2213" + metric, family);
    }

    @Test
    void neighbouringNativeBucketsAreOneSpan() {
        Histogram nanos = new Histogram(2);
        nanos.setAutoResize(true);
        for (long micros : new long[] {1000, 1000, 1080, 8000}) {          // two neighbours, and one far away
            nanos.recordValue(micros * 1000);
        }
        String family = hex(HistogramSnapshot.builder().name("h").help("").dataPoint(SecondsBuckets.of(nanos,
                Labels.EMPTY)).build());
        assertTrue(family.contains("2806"), family);                      // schema 3
        String spans = "6205" + "089d01" + "1002" + "6204" + "082c" + "1001";
        assertTrue(family.endsWith(spans + "6a03" + "040100"), family);
    }

    @Test
    void formatIsForClientsThatNameTheMessage() {
        assertTrue(ProtobufFormat.isAccepted("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited,text/plain;version=0.0.4;q=0.2"));
        assertFalse(ProtobufFormat.isAccepted("application/vnd.google.protobuf"));
        assertFalse(ProtobufFormat.isAccepted("application/openmetrics-text;version=1.0.0,*/*;q=0.1"));
    }
}
