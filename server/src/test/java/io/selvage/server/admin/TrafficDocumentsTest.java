package io.selvage.server.admin;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.selvage.server.proxy.Origin;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class TrafficDocumentsTest {
    /// The answer to the third is sent when the first two have been counted.
    private static final String THREE_REQUESTS = "GET /a?query HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2)
            + "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static Administered inFrontOf(Origin origin) throws Exception {
        Administered server = Administered.http("upstream app { server " + origin.address()
                + "; } server { listen 127.0.0.1:0; location /a { proxy_pass http://app; } }");
        server.server().ask(THREE_REQUESTS);
        return server;
    }

    private static Origin origin() throws Exception {
        return Origin.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nhi");
    }

    @Test
    void historyHasTheRequestsOfEachLocationAndPeer() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            JsonObject history = server.document("/api/history");

            List<JsonObject> intervals = history.getJsonArray("intervals").getValuesAs(JsonObject.class);
            assertTrue(intervals.stream().mapToInt(interval -> interval.getJsonArray("classes").getInt(4)).sum() >= 2);
            assertTrue(intervals.stream().mapToInt(interval -> interval.getInt("sent_bytes")).sum() > 2 * 50);
            assertTrue(count(intervals, "all", "") >= 2);
            assertTrue(count(intervals, "location", "_/a") >= 2);
            assertTrue(count(intervals, "peer", origin.address()) >= 2);
            int ranges = history.getJsonArray("bounds_seconds").size() + 1;
            series(intervals).forEach(series -> {
                assertEquals(ranges, series.getJsonArray("buckets").size());
                assertEquals(series.getInt("count"), sum(series.getJsonArray("buckets")));
            });
            check(server, "History", history);
        }
    }

    private static int count(List<JsonObject> intervals, String subject, String name) {
        return series(intervals).filter(each -> each.getString("subject").equals(subject) && each.getString("name").equals(name))
                .mapToInt(each -> each.getInt("count")).sum();
    }

    private static Stream<JsonObject> series(List<JsonObject> intervals) {
        return intervals.stream().flatMap(interval -> interval.getJsonArray("series").getValuesAs(JsonObject.class).stream());
    }

    private static int sum(JsonArray numbers) {
        return numbers.getValuesAs(JsonNumber.class).stream().mapToInt(JsonNumber::intValue).sum();
    }

    private static void check(Administered server, String schema, JsonObject document) throws Exception {
        new DocumentSchema(server.document("/api/openapi.json"))
                .check(Administered.json("{\"$ref\": \"#/components/schemas/" + schema + "\"}"), document, schema);
    }

    @Test
    void historyLeavesOutWhatEndedBefore() throws Exception {
        try (Administered server = Administered.http("server { listen 127.0.0.1:0; return 204; }")) {
            String later = Instant.now().plusSeconds(3600).toString();
            assertEquals(0, server.document("/api/history?after=" + later).getJsonArray("intervals").size());
            assertEquals(400, server.get("/api/history?after=yesterday").statusCode());
        }
    }

    @Test
    void slowRequestsHaveThePhasesOfTheirAttempts() throws Exception {
        try (Origin origin = origin(); Administered server = inFrontOf(origin)) {
            JsonObject slowest = server.document("/api/slowest");

            JsonObject request = slowest.getJsonArray("requests").getJsonObject(0);
            assertEquals("GET /a 404 _/a", request.getString("method") + " " + request.getString("path") + " "
                    + request.getInt("status") + " " + request.getString("location"));
            JsonObject attempt = request.getJsonArray("attempts").getJsonObject(0);
            assertEquals(origin.address(), attempt.getString("peer"));
            assertTrue(seconds(attempt, "connect_seconds") + seconds(attempt, "first_byte_seconds")
                    <= seconds(attempt, "total_seconds") + 1e-9);
            assertTrue(seconds(attempt, "queue_seconds") <= seconds(request, "seconds"));
            check(server, "Slowest", slowest);
        }
    }

    /// The JVM reports a pause some time after it: first to the listener that was added first.
    @Test
    void slowRequestHasTheGcPausesThatFellIntoIt() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        NotificationListener second = (notification, _) -> {
            var info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            if (info.getGcCause().equals("System.gc()")) {
                reported.countDown();
            }
        };
        List<NotificationEmitter> collectors =
                ManagementFactory.getGarbageCollectorMXBeans().stream().map(NotificationEmitter.class::cast).toList();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            System.gc();
            wire.send("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
        }); Administered server = Administered.http("server { listen 127.0.0.1:0; location /a { proxy_pass http://"
                + origin.address() + "; } }")) {
            for (NotificationEmitter each : collectors) {
                each.addNotificationListener(second, null, null);
            }
            server.server().ask(THREE_REQUESTS);
            reported.await();
            JsonObject slowest = server.document("/api/slowest");

            JsonArray pauses = slowest.getJsonArray("requests").getJsonObject(0).getJsonArray("gc_pauses");
            assertEquals("System.gc()", pauses.getJsonObject(0).getString("cause"));
            check(server, "Slowest", slowest);
        } finally {
            for (NotificationEmitter each : collectors) {
                each.removeNotificationListener(second);
            }
        }
    }

    private static double seconds(JsonObject document, String name) {
        return document.getJsonNumber(name).doubleValue();
    }

    @Test
    void aRequestWithoutAnAnswerHasAnAttemptWithoutAFirstByte() throws Exception {
        try (Administered server = Administered.http(
                "server { listen 127.0.0.1:0; location /a { proxy_pass http://127.0.0.1:1; } }")) {
            server.server().ask(THREE_REQUESTS);
            JsonObject slowest = server.document("/api/slowest");

            JsonObject request = slowest.getJsonArray("requests").getJsonObject(0);
            assertEquals(502, request.getInt("status"));
            assertTrue(!request.getJsonArray("attempts").getJsonObject(0).containsKey("first_byte_seconds"), request::toString);
            check(server, "Slowest", slowest);
        }
    }
}
