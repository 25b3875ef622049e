package io.selvage.server.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// An OTLP receiver. It decodes what it gets with the classes that protoc makes of OpenTelemetry's definitions.
public final class OtlpStub implements AutoCloseable {
    private static final int PREFIX = 5;
    /// The answer with the status `partial`: one span is rejected.
    private static final String PARTIAL = new String(ExportTraceServiceResponse.newBuilder().setPartialSuccess(
            ExportTracePartialSuccess.newBuilder().setRejectedSpans(1).setErrorMessage("too long")).build().toByteArray(),
            ISO_8859_1);

    private final Origin origin;
    private final BlockingQueue<Export> exports = new LinkedBlockingQueue<>();
    private final List<Span> taken = new ArrayList<>();

    /// An export.
    ///
    /// @param head of the request
    public record Export(String head, ExportTraceServiceRequest request) {
        public List<Span> spans() {
            return request.getResourceSpansList().stream().flatMap(each -> each.getScopeSpansList().stream())
                    .flatMap(each -> each.getSpansList().stream()).toList();
        }

        /// The attributes of what sent it.
        public Map<String, Object> resource() {
            ResourceSpans only = request.getResourceSpans(0);
            return attributes(only.getResource().getAttributesList());
        }
    }

    private OtlpStub(boolean grpc, String... statuses) throws IOException {
        int[] next = {0};
        origin = Origin.scripted(grpc ? wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            while (true) {
                Http2Wire.Request request = frames.readRequest();
                add(request.head(), request.body().substring(PREFIX));
                respond(frames, request.stream(), statuses[Math.min(next[0]++, statuses.length - 1)]);
            }
        } : wire -> {
            while (true) {
                String request = wire.readRequest();
                int end = request.indexOf("\r\n\r\n");
                add(request.substring(0, end), request.substring(end + 4));
                String status = statuses[Math.min(next[0]++, statuses.length - 1)];
                String message = status.equals("partial") ? PARTIAL : "";
                wire.send("HTTP/1.1 " + (status.equals("partial") ? "200" : status)
                        + " x\r\nContent-Type: application/x-protobuf\r\nContent-Length: " + message.length() + "\r\n\r\n"
                        + message);
            }
        });
    }

    private static void respond(Http2Wire frames, int stream, String status) throws IOException {
        if (status.equals("0") || status.equals("partial")) {
            String message = status.equals("partial") ? PARTIAL : "";
            frames.head(stream, false, ":status", "200", "content-type", "application/grpc").data(stream, false,
                    "\0".repeat(PREFIX - 1) + (char) message.length() + message)
                    .head(stream, true, "grpc-status", "0");
        } else {
            frames.head(stream, true, ":status", "200", "content-type", "application/grpc", "grpc-status", status, "grpc-message",
                    "because");
        }
    }

    private void add(String head, String body) throws InvalidProtocolBufferException {
        exports.add(new Export(head, ExportTraceServiceRequest.parseFrom(body.getBytes(ISO_8859_1))));
    }

    /// A receiver over gRPC.
    ///
    /// @param statuses of gRPC for the calls in their order; the last one for all that follow
    public static OtlpStub grpc(String... statuses) throws IOException {
        return new OtlpStub(true, statuses.length == 0 ? new String[] {"0"} : statuses);
    }

    /// A receiver over HTTP.
    public static OtlpStub http(String... statuses) throws IOException {
        return new OtlpStub(false, statuses.length == 0 ? new String[] {"200"} : statuses);
    }

    public String address() {
        return origin.address();
    }

    public Origin origin() {
        return origin;
    }

    /// A configuration that exports to it as soon as it can.
    public String exporter(String... more) {
        return "otel_exporter { endpoint " + address() + "; interval 10ms; " + String.join(" ", more) + " }\n";
    }

    /// Waits for the next export.
    public Export next() throws InterruptedException {
        Export export = exports.poll(50, TimeUnit.SECONDS);
        if (export == null) {
            throw new AssertionError("no export");
        }
        return export;
    }

    /// The next span that was exported.
    public Span span() throws InterruptedException {
        return spans(1).getFirst();
    }

    /// Waits for so many spans.
    public List<Span> spans(int count) throws InterruptedException {
        while (taken.size() < count) {
            taken.addAll(next().spans());
        }
        List<Span> first = List.copyOf(taken.subList(0, count));
        taken.subList(0, count).clear();
        return first;
    }

    /// True if nothing was exported that [#spans] has not returned.
    public boolean isEmpty() {
        return taken.isEmpty() && exports.isEmpty();
    }

    public static Map<String, Object> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    private static Map<String, Object> attributes(List<KeyValue> pairs) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (KeyValue pair : pairs) {
            AnyValue value = pair.getValue();
            if (all.put(pair.getKey(), value.hasIntValue() ? value.getIntValue() : value.getStringValue()) != null) {
                throw new IllegalStateException("an attribute that came twice: " + pair.getKey());
            }
        }
        return all;
    }

    public static String traceId(Span span) {
        return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    public static String id(Span span) {
        return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    /// Empty for a span without one.
    public static String parent(Span span) {
        return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
