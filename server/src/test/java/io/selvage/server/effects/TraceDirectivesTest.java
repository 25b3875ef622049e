package io.selvage.server.effects;

import io.opentelemetry.proto.trace.v1.Span;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.TlsOrigin;
import io.selvage.server.tls.TestAuthority;
import io.selvage.server.trace.OtlpStub;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static io.selvage.server.trace.OtlpStub.attributes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class TraceDirectivesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "traceparent: 00-" + TRACE + "-" + SPAN + "-01\r\n";
    private static final String STATE = "tracestate: a=1\r\nTracestate: b=2\r\n";
    private static final String IDS = "return 200 '$otel_trace_id $otel_span_id $otel_parent_id $otel_parent_sampled';";

    /// A site whose only location answers.
    private static TestServer serving(String around, String location) throws IOException {
        return http(around + "server { listen 127.0.0.1:0; location /a { " + location + " } }");
    }

    /// A peer whose body is the fields `traceparent` and `tracestate` as it got them.
    private static Origin echo() throws IOException {
        return Origin.scripted(wire -> {
            while (true) {
                StringBuilder fields = new StringBuilder();
                wire.readHead().lines().filter(line -> line.matches("(?i)trace(parent|state):.*"))
                        .forEach(line -> fields.append(line).append(';'));
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + fields.length() + "\r\n\r\n" + fields);
            }
        });
    }

    @Test
    @Effect({"otel_exporter", "endpoint", "otel_trace"})
    void spansAreExportedOverGrpcOrHttp() throws Exception {
        try (OtlpStub grpc = OtlpStub.grpc(); OtlpStub overHttp = OtlpStub.http();
             TestServer first = serving(grpc.exporter(), "otel_trace on; return 204;");
             TestServer second = serving(grpc.exporter().replace(grpc.address(), "http://" + grpc.address()),
                     "otel_trace on; return 205;");
             TestServer third = serving(overHttp.exporter().replace(overHttp.address(),
                     "http://" + overHttp.address() + "/v1/traces?x"), "otel_trace on; return 206;")) {
            first.get("/a");
            assertEquals(204L, attributes(grpc.span()).get("http.response.status_code"));
            second.get("/a");
            OtlpStub.Export export = grpc.next();
            assertEquals(205L, attributes(export.spans().getFirst()).get("http.response.status_code"));
            assertTrue(export.head().contains(":path: /opentelemetry.proto.collector.trace.v1.TraceService/Export\n"),
                    export.head());
            assertTrue(export.head().contains(":authority: " + grpc.address() + "\n"), export.head());
            third.get("/a");
            export = overHttp.next();
            assertEquals(206L, attributes(export.spans().getFirst()).get("http.response.status_code"));
            assertTrue(export.head().startsWith("POST /v1/traces?x HTTP/1.1\r\n"), export.head());
            assertTrue(export.head().contains("\r\nContent-Type: application/x-protobuf"), export.head());
        }
    }

    @Test
    @Effect("otel_trace")
    void otelTraceIsOffUnlessItIsOnOrAVariableSaysSo() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = http(receiver.exporter() + """
                map $arg_trace $wanted { 1 1; on on; yes yes; default 0; }
                server {
                    listen 127.0.0.1:0;
                    location /usual { return 200; }
                    location /off { otel_trace off; return 200; }
                    location /map { otel_trace $wanted; return 200; }
                    location /on { otel_trace on; location /on/not { otel_trace off; return 200; } return 200; }
                }
                """)) {
            for (String target : List.of("/usual", "/off", "/map", "/map?trace=yes", "/on/not", "/map?trace=1", "/map?trace=on",
                    "/on/x")) {
                assertEquals(200, status(server.get(target)));
            }
            List<Object> paths = receiver.spans(3).stream().map(span -> attributes(span).get("http.target")).toList();
            assertEquals(List.of("/map?trace=1", "/map?trace=on", "/on/x"), paths);
            assertTrue(receiver.isEmpty());
        }
    }

    @Test
    @Effect("otel_trace")
    void aPartOfAllTracesIsRecordedBySplitClients() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = http(receiver.exporter() + """
                split_clients $otel_trace_id $sampled { 50% on; * off; }
                server { listen 127.0.0.1:0; location / { otel_trace $sampled; return 200 "$sampled $otel_trace_id"; } }
                """)) {
            Set<String> sampled = new TreeSet<>();
            for (int i = 0; i < 64; i++) {
                String body = body(server.get("/"));
                if (body.startsWith("on ")) {
                    sampled.add(body.substring(3));
                }
            }
            assertTrue(sampled.size() > 2 && sampled.size() < 62, sampled::toString);
            Set<String> exported = new TreeSet<>();
            receiver.spans(sampled.size()).forEach(span -> exported.add(OtlpStub.traceId(span)));
            assertEquals(sampled, exported);
        }
    }

    @ParameterizedTest
    @CsvSource({"ignore, false, false", "extract, true, false", "inject, false, true", "propagate, true, true"})
    @Effect("otel_trace_context")
    void otelTraceContextExtractsAndInjects(String context, boolean extracts, boolean injects) throws Exception {
        try (Origin origin = echo(); OtlpStub receiver = OtlpStub.grpc();
             TestServer server = serving(receiver.exporter(), "otel_trace on; otel_trace_context " + context
                     + "; proxy_pass http://" + origin.address() + ";")) {
            String seen = body(get(server, "/a", PARENT + STATE));
            List<Span> spans = receiver.spans(2);
            Span attempt = spans.get(0);
            Span exchange = spans.get(1);
            assertEquals(extracts, OtlpStub.traceId(exchange).equals(TRACE));
            assertEquals(extracts ? SPAN : "", OtlpStub.parent(exchange));
            assertEquals(extracts ? "a=1,b=2" : "", exchange.getTraceState());
            assertEquals(OtlpStub.id(exchange), OtlpStub.parent(attempt));
            String injected = "traceparent: 00-" + OtlpStub.traceId(exchange) + "-" + OtlpStub.id(attempt) + "-01;"
                    + (extracts ? "tracestate: a=1,b=2;" : "");
            assertEquals(injects ? injected : (PARENT + STATE).replace("\r\n", ";"), seen);
        }
    }

    @Test
    @Effect("otel_trace_context")
    void aTraceThatIsNotRecordedIsPassedOnAsNotSampled() throws IOException {
        try (Origin origin = echo(); TestServer server = serving("",
                "otel_trace_context propagate; proxy_pass http://" + origin.address() + ";")) {
            String seen = body(get(server, "/a", PARENT));
            assertTrue(seen.matches("traceparent: 00-" + TRACE + "-[0-9a-f]{16}-00;"), seen);
            assertFalse(seen.contains(SPAN), seen);
            seen = body(get(server, "/a", PARENT.replace("-01", "-0x") + STATE));
            assertTrue(seen.matches("traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-00;"), seen);
            assertFalse(seen.contains(TRACE), seen);
        }
    }

    @Test
    @Effect("otel_span_name")
    void otelSpanNameSetsTheNameOfSpans() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = http(receiver.exporter() + """
                otel_trace on;
                server { listen 127.0.0.1:0;
                    location = /exact { return 200; }
                    location ~ ^/re(gex)$ { return 200; }
                    location /named { otel_span_name "a $request_method $arg_x"; return 200; }
                }
                """)) {
            for (String target : List.of("/exact", "/regex", "/named?x=%C3%A4", "/nowhere")) {
                server.get(target);
            }
            List<String> names = receiver.spans(4).stream().map(Span::getName).toList();
            assertEquals(List.of("/exact", "^/re(gex)$", "a GET %C3%A4", "GET"), names);
        }
    }

    @Test
    @Effect("otel_span_attr")
    void otelSpanAttrAddsAttributes() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = http(receiver.exporter() + """
                otel_trace on; otel_span_attr outer 1;
                server { listen 127.0.0.1:0;
                    location /outer { return 200; }
                    location /own { otel_span_attr app.user $arg_user; otel_span_attr http.route own; return 200; }
                }
                """)) {
            server.get("/outer");
            server.get("/own?user=%20me");
            List<Span> spans = receiver.spans(2);
            assertEquals("1", attributes(spans.getFirst()).get("outer"));
            Map<String, Object> own = attributes(spans.getLast());
            assertEquals("%20me own", own.get("app.user") + " " + own.get("http.route"));
            assertFalse(own.containsKey("outer"), own::toString);
        }
    }

    @Test
    @Effect({"otel_service_name", "otel_resource_attr"})
    void otelServiceNameAndResourceAttrDescribeTheServer() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc();
             TestServer usual = serving(receiver.exporter(), "otel_trace on; return 200;");
             TestServer named = serving(receiver.exporter() + "otel_service_name shop; otel_resource_attr host.name h;"
                     + "otel_resource_attr service.name other; otel_resource_attr a 'b c';", "otel_trace on; return 200;")) {
            usual.get("/a");
            assertEquals(Map.of("service.name", "unknown_service:selvage"), receiver.next().resource());
            named.get("/a");
            assertEquals(Map.of("service.name", "shop", "host.name", "h", "a", "b c"), receiver.next().resource());
        }
    }

    @Test
    @Effect("header in otel_exporter")
    void headersGoWithEachExport() throws Exception {
        String headers = "header Authorization 'Bearer x'; header X-Scope a;";
        try (OtlpStub grpc = OtlpStub.grpc(); OtlpStub overHttp = OtlpStub.http();
             TestServer first = serving(grpc.exporter(headers), "otel_trace on; return 200;");
             TestServer second = serving(overHttp.exporter(headers).replace(overHttp.address(),
                     "http://" + overHttp.address() + "/v1/traces"), "otel_trace on; return 200;")) {
            first.get("/a");
            String head = grpc.next().head();
            assertTrue(head.contains("authorization: Bearer x\n") && head.contains("x-scope: a\n"), head);
            second.get("/a");
            head = overHttp.next().head();
            assertTrue(head.contains("\r\nAuthorization: Bearer x") && head.contains("\r\nX-Scope: a"), head);
        }
    }

    @Test
    @Effect({"interval", "batch_size"})
    void aBatchIsExportedWhenItIsFullOrTheIntervalIsOver() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc();
             TestServer full = serving("otel_exporter { endpoint " + receiver.address() + "; interval 1h; batch_size 3; }",
                     "otel_trace on; return 200;");
             TestServer late = serving("otel_exporter { endpoint " + receiver.address() + "; interval 10ms; batch_size 3; }",
                     "otel_trace on; return 200;")) {
            for (int i = 0; i < 3; i++) {
                assertTrue(receiver.isEmpty());
                full.get("/a");
            }
            assertEquals(3, receiver.next().spans().size());
            late.get("/a");
            assertEquals(1, receiver.next().spans().size());
        }
    }

    @Test
    @Effect("batch_count")
    void batchCountLimitsTheSpansThatWait() throws Exception {
        try (OtlpStub receiver = OtlpStub.http();
             TestServer server = serving("otel_exporter { endpoint " + Origin.refusing()
                     + "; interval 1h; batch_size 2; batch_count 2; }", "otel_trace on; return 200;")) {
            for (int i = 0; i < 2; i++) {
                server.get("/a");
            }
            server.awaitLines("error.log", 1);             // these two are kept for a later try
            for (int i = 0; i < 6; i++) {
                server.get("/a");
            }
            server.reload("otel_exporter { endpoint http://" + receiver.address() + "/; interval 1h; batch_size 100; }"
                    + "server { listen 127.0.0.1:0; }");
            server.stop(Duration.ofSeconds(50));
            assertEquals(6, receiver.spans(6).size());
            assertTrue(receiver.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://localhost:PORT", "https://localhost:PORT/v1/traces"})
    @Effect("trusted_certificate")
    void trustedCertificateVerifiesTheReceiver(String endpoint) throws Exception {
        TestAuthority.Issued own = TlsServing.AUTHORITY.issue("localhost", "localhost");
        TestAuthority other = TestAuthority.named("CN=Other");
        boolean grpc = endpoint.endsWith("PORT");
        try (OtlpStub receiver = grpc ? OtlpStub.grpc() : OtlpStub.http();
             TlsOrigin secure = TlsOrigin.inFrontOf(receiver.origin(), own)) {
            String url = endpoint.replace("PORT", secure.address().substring(secure.address().lastIndexOf(':') + 1));
            String text = "otel_exporter { endpoint %s; interval 10ms; trusted_certificate %s; }"
                    + "server { listen 127.0.0.1:0; location /a { otel_trace on; return 200; } }";
            try (TestServer server = http("server { listen 127.0.0.1:0; }", "ca.crt", TlsServing.AUTHORITY.certificatePem(),
                    "other.crt", other.certificatePem())) {
                server.reload(text.formatted(url, server.folder().resolve("other.crt")));
                server.get("/a");
                server.awaitLines("error.log", 2);             // one of them is the end of the first configuration
                assertTrue(receiver.isEmpty());
                server.reload(text.formatted(url, server.folder().resolve("ca.crt")));
                assertEquals("/a", attributes(receiver.span()).get("url.path"));
                String why = server.errorLog().stream().filter(line -> line.startsWith("[warn]")).findFirst().orElseThrow();
                assertTrue(why.startsWith("[warn] spans cannot be exported to \"" + url + "\": "), why);
            }
        }
    }

    @Test
    void variablesNameTheTraceAndItsParent() throws Exception {
        try (TestServer server = http("log_format ids '$otel_trace_id $otel_span_id $otel_parent_id $otel_parent_sampled';"
                + "access_log ids.log ids; server { listen 127.0.0.1:0; location /n { " + IDS + " }"
                + " location /e { otel_trace_context extract; " + IDS + " } }")) {
            String fresh = body(get(server, "/n", PARENT));
            assertTrue(fresh.matches("[0-9a-f]{32} [0-9a-f]{16}  0"), fresh);
            String extracted = body(get(server, "/e", PARENT));
            assertTrue(extracted.matches(TRACE + " [0-9a-f]{16} " + SPAN + " 1"), extracted);
            String unsampled = body(get(server, "/e", PARENT.replace("-01", "-00")));
            assertTrue(unsampled.matches(TRACE + " [0-9a-f]{16} " + SPAN + " 0"), unsampled);
            assertNotEquals(extracted, unsampled);
            assertEquals(List.of(fresh.replace("  ", " - "), extracted, unsampled), server.log("ids.log"));
        }
    }

    @Test
    @Effect("otel_trace")
    void parentBasedSamplingFollowsTheFlagOfTheClient() throws Exception {
        try (OtlpStub receiver = OtlpStub.grpc(); TestServer server = serving(receiver.exporter(),
                "otel_trace $otel_parent_sampled; otel_trace_context propagate; return 200;")) {
            server.get("/a?none");
            get(server, "/a?00", PARENT.replace("-01", "-00"));
            get(server, "/a?01", PARENT);
            assertEquals("/a?01", attributes(receiver.span()).get("http.target"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "otel_exporter { } | \"endpoint\" is missing in \"otel_exporter\"",
        "otel_exporter { interval 1s; } | \"endpoint\" is missing in \"otel_exporter\"",
        "otel_exporter { endpoint a:1; } otel_exporter { endpoint b:1; } | \"otel_exporter\" is duplicate",
        "otel_exporter { endpoint a:1; endpoint b:1; } | \"endpoint\" is duplicate",
        "otel_exporter { endpoint a; } | no port in \"a\" of \"endpoint\"",
        "otel_exporter { endpoint a:0; } | \"endpoint\" needs a port above 0, got \"a:0\"",
        "otel_exporter { endpoint unix:/x; } | \"endpoint\" needs a host and a port, or a URL, got \"unix:/x\"",
        "otel_exporter { endpoint a:99999; } | invalid port in \"a:99999\" of \"endpoint\"",
        "otel_exporter { endpoint 'http://a b/c'; } | \"endpoint\" needs a URL, got \"http://a b/c\"",
        "otel_exporter { endpoint http:///c; } | \"endpoint\" needs a URL, got \"http:///c\"",
        "otel_exporter { endpoint a:1; batch_size 0; } | \"batch_size\" needs a number from 1 to 1000000, got \"0\"",
        "otel_exporter { endpoint a:1; batch_count x; } | \"batch_count\" needs a number, got \"x\"",
        "otel_exporter { endpoint a:1; interval soon; } | \"interval\" needs a time, got \"soon\"",
        "otel_exporter { endpoint a:1; header a; } | \"header\" needs two arguments",
        "otel_exporter { endpoint a:1; header 'a b' c; } | \"header\" of \"otel_exporter\" cannot set \"a b\"",
        "otel_exporter { endpoint a:1; header Host 1; } | \"header\" of \"otel_exporter\" cannot set \"Host\"",
        "otel_exporter { endpoint a:1; header a ''; } | invalid value of the \"header\" \"a\" of \"otel_exporter\"",
        "otel_exporter { endpoint a:1; retries 1; } | unknown directive \"retries\"",
        "otel_trace on; | \"otel_trace\" needs an \"otel_exporter\" in \"http\"",
        "server { location / { otel_trace $arg_x; } } | \"otel_trace\" needs an \"otel_exporter\" in \"http\"",
        "otel_trace yes; | \"otel_trace\" needs \"on\", \"off\" or a variable, got \"yes\"",
        "otel_trace off; otel_trace off; | \"otel_trace\" is duplicate",
        "otel_trace_context all; | \"otel_trace_context\" needs \"extract\", \"inject\", \"propagate\", \"ignore\", got \"all\"",
        "otel_span_attr a; | \"otel_span_attr\" needs two arguments",
        "server { otel_service_name a; } | \"otel_service_name\" is not allowed here (allowed in http)"})
    void mistakesAreRefused(String text, String problem) {
        IOException refused = assertThrows(IOException.class, () -> http(text + " server { listen 127.0.0.1:0; }").close());
        String all = String.valueOf(refused.getMessage());
        assertTrue(Pattern.compile("test.conf:\\d+:\\d+: ").matcher(all).find() && all.contains(problem), all);
    }
}
