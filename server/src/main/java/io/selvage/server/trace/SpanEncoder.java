package io.selvage.server.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Encodes spans as OpenTelemetry's SDK does: an `ExportTraceServiceRequest` in protobuf. Immutable.
final class SpanEncoder {
    private final Resource resource;
    private final InstrumentationScopeInfo scope;

    /// @param attributes of what produces the spans
    /// @param version of the product
    SpanEncoder(List<SpanAttribute> attributes, String version) {
        this.resource = Resource.create(attributes(attributes));
        this.scope = InstrumentationScopeInfo.builder("selvage").setVersion(version).build();
    }

    /// The encoded request.
    ///
    /// @param room bytes that are left free at the beginning
    byte[] encode(List<FinishedSpan> spans, int room) {
        List<SpanData> data = new ArrayList<>(spans.size());
        spans.forEach(span -> data.add(new ExportedSpan(span, resource, scope)));
        TraceRequestMarshaler request = TraceRequestMarshaler.create(data);
        ByteArrayOutputStream out = new ByteArrayOutputStream(room + request.getBinarySerializedSize());
        out.write(new byte[room], 0, room);
        try {
            request.writeBinaryTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);                 // does not happen: nothing is written to a device
        }
        return out.toByteArray();
    }

    static Attributes attributes(List<SpanAttribute> attributes) {
        AttributesBuilder builder = Attributes.builder();
        for (SpanAttribute each : attributes) {
            switch (each.value()) {
                case Long number -> builder.put(each.key(), number);
                case Object text -> builder.put(each.key(), text.toString());
            }
        }
        return builder.build();
    }
}
