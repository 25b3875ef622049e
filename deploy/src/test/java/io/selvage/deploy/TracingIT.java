package io.selvage.deploy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Traces through the packed server, in front of gunicorn.
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String SITE = """
            events { }
            http {
                %s
                server {
                    listen 127.0.0.1:%d;
                    location / { proxy_pass http://%s; }
                }
            }
            """;

    @TempDir
    private Path prefix;
    @TempDir
    private Path application;

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void gunicornGetsTheSpanOfItsAttemptAsParent(String io) throws Exception {
        int port = SelvageProcess.freePort();
        BlockingQueue<Span> spans = new LinkedBlockingQueue<>();
        HttpServer receiver = receiver(spans);
        String traced = """
                otel_exporter { endpoint http://127.0.0.1:%d/v1/traces; interval 10ms; }
                otel_trace on;
                otel_trace_context propagate;
                """.formatted(receiver.getAddress().getPort());
        try (var peer = Application.gunicorn(application, "one", "127.0.0.1:0", "sync");
                var _ = SelvageProcess.startOn(io, prefix, SITE.formatted(traced, port, peer.address()))) {
            Echo seen = Echo.of(RawHttp.get(port, "/a", "traceparent: 00-" + TRACE + "-" + SPAN + "-01\r\ntracestate: a=1\r\n"));
            Span attempt = next(spans);
            Span exchange = next(spans);
            assertEquals("00-" + TRACE + "-" + hex(attempt.getSpanId().toByteArray()) + "-01", seen.get("traceparent"));
            assertEquals("a=1", seen.get("tracestate"));
            assertEquals(List.of(SPAN, TRACE), List.of(hex(exchange.getParentSpanId().toByteArray()),
                    hex(exchange.getTraceId().toByteArray())));
            assertEquals(exchange.getSpanId(), attempt.getParentSpanId());
            assertTrue(exchange.getStartTimeUnixNano() <= attempt.getStartTimeUnixNano()
                    && attempt.getEndTimeUnixNano() <= exchange.getEndTimeUnixNano(), () -> exchange + "\n" + attempt);
        } finally {
            receiver.stop(0);
        }
    }

    /// Takes exports by HTTP.
    private static HttpServer receiver(BlockingQueue<Span> spans) throws IOException {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
                    .flatMap(each -> each.getScopeSpansList().stream()).forEach(each -> spans.addAll(each.getSpansList()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        return receiver;
    }

    private static Span next(BlockingQueue<Span> spans) throws InterruptedException {
        Span span = spans.poll(20, TimeUnit.SECONDS);
        assertTrue(span != null, "no span was exported");
        return span;
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    @Test
    void withoutTracingNoClassOfItIsLoaded() throws Exception {
        int port = SelvageProcess.freePort();
        Path classes = prefix.resolve("classes.log");
        Files.writeString(prefix.resolve("selvage.conf"), SITE.formatted("", port, "127.0.0.1:1"));
        try (var _ = SelvageProcess.start(prefix, Path.of("selvage.conf"), List.of("-Xlog:class+load:file=" + classes))) {
            assertEquals(502, RawHttp.get(port, "/").status());
        }
        String loaded = Files.readString(classes);
        assertTrue(loaded.contains(" io.selvage.server.proxy.ProxyHandler "));
        assertFalse(loaded.contains(" io.opentelemetry."));
        assertFalse(loaded.contains(" io.selvage.server.trace.SpanExport "));
    }
}
