package io.selvage.server.admin;

import io.selvage.server.proxy.Origin;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class LatencyRoutesTest {
    /// The answer to the third is sent when the first two have been counted.
    private static final String THREE_REQUESTS = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2)
            + "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static Administered inFrontOf(Origin origin) throws Exception {
        Administered server = Administered.http("server { listen 127.0.0.1:0; location /a { proxy_pass http://"
                + origin.address() + "; } }");
        server.server().ask(THREE_REQUESTS);
        return server;
    }

    private static Origin origin() throws Exception {
        return Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    }

    @Test
    void locationsAndPeersHavePercentiles() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            JsonObject all = server.document("/api/latency");
            assertEquals("60", all.getString("window"));
            List<JsonObject> series = all.getJsonArray("series").getValuesAs(JsonObject.class);
            for (String tag : List.of("location:_/a", "peer:" + origin.address(), "peer:" + origin.address() + ":first-byte")) {
                JsonObject one = series.stream().filter(each -> each.getString("series").equals(tag)).findFirst().orElseThrow();
                assertTrue(one.getInt("count") >= 2, one::toString);
                double p50 = one.getJsonNumber("p50_seconds").doubleValue();
                assertTrue(p50 > 0 && p50 <= one.getJsonNumber("max_seconds").doubleValue(), one::toString);
            }
        }
    }

    @Test
    void hdrHistogramReadsTheLog() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            var tags = new ArrayList<String>();
            var log = new ByteArrayInputStream(server.get("/api/latency?format=hlog&window=all").body().getBytes(ISO_8859_1));
            var reader = new HistogramLogReader(log);
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                assertTrue(((Histogram) next).getTotalCount() >= 2);
                tags.add(next.getTag());
            }
            assertTrue(tags.containsAll(List.of("location:_/a", "location:_/a:queue", "peer:" + origin.address())),
                    tags::toString);
        }
    }

    @Test
    void distributionIsOfOneSeries() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            String distribution = server.get("/api/latency?format=hgrm&series=location:_/a").body();
            assertTrue(distribution.contains("Percentile") && distribution.contains("#[Mean"), distribution);
            assertEquals(400, server.get("/api/latency?format=hgrm").statusCode());
            assertEquals(400, server.get("/api/latency?format=xml").statusCode());
        }
    }

    @Test
    void prometheusReadsTheMetrics() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            HttpResponse<String> text = server.get("/metrics");
            assertTrue(text.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
            assertTrue(text.body().lines().anyMatch(line -> line.startsWith("selvage_requests_total{")
                    && line.contains("location=\"/a\"")), text::body);
            HttpResponse<String> open = server.send(HttpRequest.newBuilder(server.uri("/metrics"))
                    .header("Accept", "application/openmetrics-text; version=1.0.0"));
            assertTrue(open.headers().firstValue("Content-Type").orElse("").startsWith("application/openmetrics-text"));
            assertTrue(open.body().endsWith("# EOF\n"));
        }
    }
}
