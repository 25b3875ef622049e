package io.selvage.server.whole;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.selvage.server.http.Explanation;
import io.selvage.server.http2.FrameClient;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.FastCgiWire;
import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.ReceivedPacket;
import io.selvage.server.proxy.Signal;
import io.selvage.server.trace.OtlpStub;
import io.selvage.server.wiring.ExplainRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.trace.OtlpStub.attributes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Spans of exchanges and of attempts at peers, as an OTLP receiver gets them; and what peers learn of a trace.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "traceparent: 00-" + TRACE + "-" + SPAN + "-01\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String TRACED = "otel_trace on; otel_trace_context propagate;";

    @Parameter
    private Io io;

    private TestServer serving(OtlpStub receiver, String around, String locations) throws IOException {
        return TestServer.nginx(io, receiver.exporter() + around + "server { listen 127.0.0.1:0; server_name shop; " + locations
                + "}");
    }

    private static String get(TestServer server, String target, String fields) throws IOException {
        return server.ask("GET " + target + " HTTP/1.1\r\nHost: shop.example:81\r\nConnection: close\r\n" + fields + "\r\n");
    }

    /// The identifier of the span in the field `traceparent` of a request, which belongs to [#TRACE].
    private static String senderIn(String request) {
        Matcher field = Pattern.compile("(?i)traceparent[^0-9]+00-" + TRACE + "-([0-9a-f]{16})-01").matcher(request);
        assertTrue(field.find(), request);
        String sender = field.group(1);
        assertTrue(!field.find(), request);
        return sender;
    }

    @Test
    void eachAttemptHasASpanInsideTheOneOfTheExchange() throws Exception {
        String refusing = Origin.refusing();
        try (OtlpStub receiver = OtlpStub.grpc(); Origin busy = Origin.answering(OK.replace("200", "503"));
             Origin good = Origin.answering(OK); TestServer server = serving(receiver, """
                     upstream app { server %s; server %s; server %s; }
                     """.formatted(refusing, busy.address(), good.address()), """
                     location / { %s proxy_pass http://app; proxy_next_upstream error http_503; }
                     """.formatted(TRACED))) {
            assertTrue(get(server, "/x?y", PARENT).endsWith("ok"));
            List<Span> spans = receiver.spans(4);
            Span exchange = spans.get(3);
            assertEquals(List.of(TRACE, SPAN, Span.SpanKind.SPAN_KIND_SERVER),
                    List.of(OtlpStub.traceId(exchange), OtlpStub.parent(exchange), exchange.getKind()));
            for (Span attempt : spans.subList(0, 3)) {
                assertEquals(List.of(TRACE, OtlpStub.id(exchange), Span.SpanKind.SPAN_KIND_CLIENT),
                        List.of(OtlpStub.traceId(attempt), OtlpStub.parent(attempt), attempt.getKind()));
            }
            assertEquals(OtlpStub.id(spans.get(1)), senderIn(busy.requests().getFirst()));
            assertEquals(OtlpStub.id(spans.get(2)), senderIn(good.requests().getFirst()));
            assertInOrder(exchange, spans.subList(0, 3));
            assertAttempt(spans.get(0), refusing, Map.of("error.type", "no_response"), List.of());
            assertAttempt(spans.get(1), busy.address(), Map.of("error.type", "503", "http.response.status_code", 503L,
                    "http.request.resend_count", 1L), List.of("connected", "response head received"));
            assertAttempt(spans.get(2), good.address(), Map.of("http.response.status_code", 200L,
                    "http.request.resend_count", 2L), List.of("connected", "response head received"));
        }
    }

    private static void assertInOrder(Span exchange, List<Span> attempts) {
        long before = exchange.getStartTimeUnixNano();
        for (Span attempt : attempts) {
            List<Long> times = new ArrayList<>(List.of(before, attempt.getStartTimeUnixNano()));
            attempt.getEventsList().forEach(event -> times.add(event.getTimeUnixNano()));
            times.add(attempt.getEndTimeUnixNano());
            assertEquals(times.stream().sorted().toList(), times);
            before = attempt.getEndTimeUnixNano();
        }
        assertTrue(before <= exchange.getEndTimeUnixNano(), exchange::toString);
        long now = System.currentTimeMillis() * 1_000_000;
        long age = now - exchange.getEndTimeUnixNano();
        assertTrue(age > -Duration.ofSeconds(1).toNanos() && age < Duration.ofMinutes(1).toNanos(), exchange::toString);
    }

    private static void assertAttempt(Span attempt, String peer, Map<String, Object> expected, List<String> events) {
        Map<String, Object> attributes = attributes(attempt);
        Map<String, Object> all = new TreeMap<>(expected);
        all.putAll(Map.of("http.request.method", "GET", "url.full", "http://app/x?y", "url.scheme", "http",
                "server.address", "127.0.0.1", "server.port", Long.valueOf(peer.substring(peer.indexOf(':') + 1)),
                "http.response.body.size", attributes.get("http.response.body.size")));
        assertEquals(all, new TreeMap<>(attributes));
        assertEquals("GET", attempt.getName());
        assertEquals(events, attempt.getEventsList().stream().map(Span.Event::getName).toList());
        boolean failed = expected.containsKey("error.type");
        assertEquals(failed ? Status.StatusCode.STATUS_CODE_ERROR : Status.StatusCode.STATUS_CODE_UNSET,
                attempt.getStatus().getCode());
    }

    @Test
    void theSpanOfAnExchangeHasTheAttributesOfBothConventions() throws Exception {
        try (OtlpStub receiver = OtlpStub.http(); TestServer server = TestServer.nginx(io, receiver.exporter()
                .replace(receiver.address(), "http://" + receiver.address() + "/v1/traces") + """
                server { listen 127.0.0.1:0; server_name shop; location /a { otel_trace on; return 500 "sorry"; } }
                """); RawClient client = server.connect()) {
            client.send("BREW /a/b%20c?d=e HTTP/1.1\r\nHost: shop.example:81\r\nUser-Agent: test\r\nContent-Length: 3\r\n\r\nabc")
                    .readAnswer();
            Span span = receiver.span();
            long port = server.address().getPort();
            Map<String, Object> attributes = new TreeMap<>(attributes(span));
            Object clientPort = attributes.remove("network.peer.port");
            assertEquals(clientPort, attributes.remove("net.sock.peer.port"));
            assertEquals(new TreeMap<>(Map.ofEntries(
                    Map.entry("http.request.method", "_OTHER"), Map.entry("http.request.method_original", "BREW"),
                    Map.entry("url.path", "/a/b%20c"), Map.entry("url.query", "d=e"), Map.entry("url.scheme", "http"),
                    Map.entry("http.route", "/a"), Map.entry("http.response.status_code", 500L), Map.entry("error.type", "500"),
                    Map.entry("server.address", "shop.example"), Map.entry("server.port", 81L),
                    Map.entry("client.address", "127.0.0.1"), Map.entry("network.peer.address", "127.0.0.1"),
                    Map.entry("network.protocol.version", "1.1"), Map.entry("user_agent.original", "test"),
                    Map.entry("http.request.body.size", attributes.get("http.request.body.size")),
                    Map.entry("http.response.body.size", 5L),
                    Map.entry("http.method", "BREW"), Map.entry("http.target", "/a/b%20c?d=e"), Map.entry("http.scheme", "http"),
                    Map.entry("http.flavor", "1.1"), Map.entry("http.user_agent", "test"), Map.entry("http.status_code", 500L),
                    Map.entry("http.request_content_length", attributes.get("http.request.body.size")),
                    Map.entry("http.response_content_length", 5L),
                    Map.entry("net.host.name", "shop"), Map.entry("net.host.port", port),
                    Map.entry("net.sock.peer.addr", "127.0.0.1"))), attributes);
            assertEquals(Status.StatusCode.STATUS_CODE_ERROR, span.getStatus().getCode());
            assertEquals("/a", span.getName());
        }
    }

    @Test
    void peersOfEachProtocolLearnOfTheTrace() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc();
             Origin http1 = Origin.answeringOnce(OK);
             Origin uwsgi = Origin.scripted(wire -> {
                 wire.record(ReceivedPacket.from(wire).toString());
                 wire.send(OK);
             });
             Origin fastCgi = Origin.scripted(wire -> {
                 wire.record(new FastCgiWire(wire).readParams().toString());
                 wire.send(FastCgiWire.output("Content-Length: 2\r\n\r\nok") + FastCgiWire.end());
             });
             Origin http2 = Origin.scripted(wire -> {
                 Http2Wire frames = Http2Wire.greet(wire);
                 while (true) {
                     frames.respond(frames.readRequest().stream(), "200", "ok");
                 }
             });
             TestServer server = serving(receiver, TRACED, """
                     location /http1 { proxy_pass http://%s; }
                     location /http2 { proxy_pass http://%s; proxy_http_version 2; }
                     location /grpc { grpc_pass %s; }
                     location /uwsgi { uwsgi_pass %s; uwsgi_param REQUEST_METHOD GET; }
                     location /fastcgi { fastcgi_pass %s; fastcgi_param REQUEST_METHOD GET; }
                     """.formatted(http1.address(), http2.address(), http2.address(), uwsgi.address(), fastCgi.address()))) {
            for (String target : List.of("/http1", "/uwsgi", "/fastcgi", "/http2", "/grpc")) {
                assertTrue(get(server, target, PARENT + "tracestate: a=1\r\n").endsWith("ok"), target);
            }
            List<Span> spans = receiver.spans(10);
            List<String> seen = List.of(http1.requests().getFirst(), uwsgi.requests().getFirst(), fastCgi.requests().getFirst(),
                    http2.requests().get(0), http2.requests().get(1));
            for (int i = 0; i < 5; i++) {
                assertEquals(OtlpStub.id(spans.get(2 * i)), senderIn(seen.get(i)));
                assertTrue(Pattern.compile("(?i)tracestate(: |=)a=1").matcher(seen.get(i)).find(), seen.get(i));
            }
            assertTrue(seen.get(1).contains("HTTP_TRACEPARENT=00-"), seen.get(1));
            assertTrue(seen.get(2).contains("HTTP_TRACEPARENT=00-"), seen.get(2));
        }
    }

    @Test
    void peersThatSpeakScgiLearnOfTheTrace() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); Origin origin = Origin.scripted(wire -> {
            String length = wire.readUntil(":");
            wire.record(wire.readBytes(Integer.parseInt(length.substring(0, length.length() - 1))).replace('\0', ' '));
            wire.readUntil(",");
            wire.send("Content-Length: 2\r\n\r\nok");
        }); TestServer server = serving(receiver, TRACED, "location / { scgi_pass " + origin.address()
                + "; scgi_param SCGI 1; scgi_param REQUEST_METHOD GET; }")) {
            assertTrue(get(server, "/", PARENT + "tracestate: a=1\r\n").endsWith("ok"));
            String attempt = OtlpStub.id(receiver.spans(2).getFirst());
            String seen = origin.requests().getFirst();
            assertTrue(seen.contains(" HTTP_TRACEPARENT 00-" + TRACE + "-" + attempt + "-01 "), seen);
            assertTrue(seen.contains(" HTTP_TRACESTATE a=1 "), seen);
        }
    }

    @Test
    void clientsOverHttp2AreTraced() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); Origin origin = Origin.answering(OK);
             TestServer server = serving(receiver, TRACED, "http2 on; location / { proxy_pass http://" + origin.address()
                     + "; }");
             FrameClient client = FrameClient.open(server.address())) {
            int stream = client.get("/", "traceparent", "00-" + TRACE + "-" + SPAN + "-01");
            assertEquals("200", client.await(stream).status());
            List<Span> spans = receiver.spans(2);
            assertEquals(OtlpStub.id(spans.getFirst()), senderIn(origin.requests().getFirst()));
            assertEquals("2", attributes(spans.getLast()).get("network.protocol.version"));
        }
    }

    @Test
    void subrequestsBelongToTheTraceOfTheirExchange() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); Origin auth = Origin.answering(OK); Origin copy = Origin.answering(OK);
             TestServer server = serving(receiver, TRACED, """
                     location / { auth_request /auth; mirror /copy; root .; try_files /page =404; }
                     location = /auth { internal; proxy_pass http://%s; }
                     location = /copy { internal; proxy_pass http://%s; }
                     """.formatted(auth.address(), copy.address()))) {
            get(server, "/", PARENT);
            List<Span> spans = receiver.spans(3);
            Span exchange = spans.stream().filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER).findFirst()
                    .orElseThrow();
            List<String> attempts = spans.stream().filter(span -> span != exchange)
                    .peek(span -> assertEquals(OtlpStub.id(exchange), OtlpStub.parent(span))).map(OtlpStub::id).sorted().toList();
            assertEquals(attempts, List.of(senderIn(auth.requests().getFirst()), senderIn(copy.requests().getFirst())).stream()
                    .sorted().toList());
        }
    }

    @Test
    void anInternalRedirectKeepsTheTraceAndWhatWasDecided() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); Origin origin = Origin.answering(OK); TestServer server =
                serving(receiver, "", """
                     root .;
                     location / { try_files $uri @app; }
                     location /not { otel_trace off; try_files $uri @app; }
                     location /both { otel_trace on; otel_span_name first; try_files $uri @app; }
                     location /page { otel_trace on; error_page 404 /other; }
                     location /other { return 200 other; }
                     location @app { otel_trace on; otel_trace_context propagate; proxy_pass http://%s; }
                     """.formatted(origin.address()))) {
            for (String target : List.of("/late", "/not/x", "/both/x", "/page")) {
                get(server, target, PARENT);
            }
            List<String> seen = receiver.spans(5).stream()
                    .map(span -> span.getName() + " " + attributes(span).getOrDefault("http.target", "attempt")).toList();
            assertEquals(List.of("GET attempt", "@app /late", "GET attempt", "@app /both/x", "/page /page"), seen);
            assertTrue(receiver.isEmpty());
        }
    }

    @Test
    void sitesWithoutLocationsAndRefusedRequestsAreTraced() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = serving(receiver, "otel_trace on;", "root .; deny all;")) {
            assertTrue(get(server, "/x", "").startsWith("HTTP/1.1 403"));
            Span span = receiver.span();
            assertEquals("GET 403", span.getName() + " " + attributes(span).get("http.status_code"));
        }
    }

    @Test
    void aDeadReceiverLeavesTrafficAloneAndIsReportedOnce() throws Exception {
        String dead = Origin.refusing();
        String text = "otel_exporter { endpoint %s; interval 10ms; batch_size 4; batch_count 4; }"
                + "server { listen 127.0.0.1:0; location / { otel_trace on; return 200; } }";
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = TestServer.nginx(io, text.formatted(dead))) {
            for (int i = 0; i < 40; i++) {
                assertTrue(get(server, "/", "").startsWith("HTTP/1.1 200"));
            }
            server.awaitLines("error.log", 1);
            server.reload(text.formatted(receiver.address()));
            int kept = receiver.spans(16).size();
            assertEquals(16, kept);
            List<String> log = server.errorLog();
            assertEquals(1, log.stream().filter(line -> line.startsWith("[warn] spans cannot be exported to \"" + dead + "\": "))
                    .count(), log::toString);
        }
    }

    @Test
    void aReceiverThatFailsForAWhileGetsTheSpansLater() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc("14", "0"); TestServer server = serving(receiver, "otel_trace on;",
                "location / { return 200; }")) {
            get(server, "/x", "");
            Span first = receiver.span();
            assertEquals(OtlpStub.id(first), OtlpStub.id(receiver.span()));
            server.stop(Duration.ofSeconds(50));
            assertEquals(List.of("[warn] spans cannot be exported to \"" + receiver.address()
                    + "\": gRPC status 14: because; at most 2048 are kept for later",
                    "[notice] spans are exported to \"" + receiver.address() + "\" again; 0 were dropped until now"),
                    server.errorLog());
        }
    }

    @Test
    void whatAReceiverOverGrpcObjectsToIsReported() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc("partial")) {
            assertObjection(receiver, receiver.address());
        }
    }

    @Test
    void whatAReceiverOverHttpObjectsToIsReported() throws Exception {
        try (OtlpStub receiver = OtlpStub.http("partial")) {
            assertObjection(receiver, "http://" + receiver.address() + "/v1/traces");
        }
    }

    /// The error log says it, and the metrics count it.
    private void assertObjection(OtlpStub receiver, String address) throws Exception {
        try (TestServer server = TestServer.nginx(io, receiver.exporter().replace(receiver.address(), address)
                + "server { listen 127.0.0.1:0; otel_trace on; location / { return 200; }"
                + " location /metrics { otel_trace off; prometheus; } }")) {
            get(server, "/x", "");
            receiver.span();
            String line = server.awaitLines("error.log", 1).getFirst();
            assertTrue(line.contains("[warn] ") && line.endsWith("the receiver of spans \"" + address
                    + "\" has rejected 1 span: too long"), line);
            String metrics = get(server, "/metrics", "");
            assertTrue(metrics.contains("\nselvage_spans_dropped_total 1.0\n"), metrics);
            assertTrue(metrics.contains("\nselvage_spans_exported_total 0.0\n"), metrics);
            assertTrue(metrics.contains("\nselvage_spans_waiting 0.0\n"), metrics);
        }
    }

    @Test
    void aReloadToAnotherReceiverLosesNoSpan() throws Exception {
        String text = "otel_exporter { endpoint %s; interval %s; }"
                + "server { listen 127.0.0.1:0; location / { otel_trace on; return 200; } }";
        try (OtlpStub first = OtlpStub.grpc(); OtlpStub second = OtlpStub.grpc();
             TestServer server = TestServer.nginx(io, text.formatted(first.address(), "1h"))) {
            for (int i = 0; i < 20; i++) {
                get(server, "/", "");
            }
            server.reload(text.formatted(second.address(), "10ms"));
            assertEquals(20, second.spans(20).size());
            assertTrue(first.isEmpty());
        }
    }

    @Test
    void aClientThatGoesHasASpanToo() throws Exception {
        Signal asked = new Signal();
        try (OtlpStub receiver = OtlpStub.grpc(); Origin silent = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
        }); TestServer server = serving(receiver, TRACED, "location / { proxy_pass http://" + silent.address() + "; }")) {
            try (RawClient client = server.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                asked.await();
            }
            List<Span> spans = receiver.spans(2);
            assertEquals("client_closed", attributes(spans.getFirst()).get("error.type"));
            assertEquals(499L, attributes(spans.getLast()).get("http.response.status_code"));
        }
    }

    @Test
    void anExplanationShowsTheTraceAndExportsNothing() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = serving(receiver, TRACED,
                "location / { proxy_pass http://127.0.0.1:1; } location /r { return 200; }")) {
            Explanation explained = server.server().explain(new ExplainRequest("GET", "/", List.of(PARENT.strip()),
                    InetAddress.getLoopbackAddress()));
            String head = explained.all("head").getFirst().value("head").orElse("");
            String bytes = new String(HexFormat.of().parseHex(explained.all("head").getFirst().value("hex").orElse("")),
                    ISO_8859_1);
            assertEquals(senderIn(head), senderIn(bytes));
            server.server().explain(new ExplainRequest("GET", "/r", List.of(), InetAddress.getLoopbackAddress()));
            get(server, "/r", "");
            assertEquals("/r", receiver.span().getName());
            server.stop(Duration.ofSeconds(50));
            assertTrue(receiver.isEmpty());
        }
    }

    @Test
    void aWaitInTheQueueIsAnEventOfTheExchange() throws Exception {
        Signal asked = new Signal();
        Signal goOn = new Signal();
        try (OtlpStub receiver = OtlpStub.grpc(); Origin origin = Origin.scripted(wire -> {
            while (true) {
                wire.readRequest();
                asked.give();
                goOn.await();
                wire.send(OK);
            }
        }); TestServer server = serving(receiver, "upstream app { server " + origin.address() + " max_conns=1; queue 1; }",
                "location / { " + TRACED + " proxy_pass http://app; }"); RawClient first = server.connect()) {
            first.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            try (QueueTest.Two others = new QueueTest.Two(server, "/others", "/others")) {
                assertTrue(others.refused().startsWith("HTTP/1.1 503 "));
                goOn.give();
                first.readAnswer();
                goOn.give();
                assertTrue(others.served().startsWith("HTTP/1.1 200 "));
            }
            Span waiting = receiver.spans(5).stream().filter(span -> "/others".equals(attributes(span).get("http.target"))
                    && attributes(span).get("http.status_code").equals(200L)).findFirst().orElseThrow();
            assertEquals(List.of("queued"), waiting.getEventsList().stream().map(Span.Event::getName).toList());
            long queued = waiting.getEvents(0).getTimeUnixNano();
            assertTrue(queued >= waiting.getStartTimeUnixNano() && queued <= waiting.getEndTimeUnixNano(), waiting::toString);
        }
    }
}
