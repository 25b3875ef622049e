package io.selvage.server.trace;

import io.selvage.server.http.Text;
import java.util.List;
import java.util.Optional;

/// How a location traces its exchanges.
///
/// @param extracts true if a trace that the client names goes on (`otel_trace_context extract` or `propagate`)
/// @param injects true if peers learn of the trace (`otel_trace_context inject` or `propagate`)
/// @param recorded `on` or `1` for exchanges whose spans are exported (`otel_trace`); empty where the location does not say
/// @param name of the span (`otel_span_name`)
/// @param attributes of the span (`otel_span_attr`)
/// @param route the path of the location as configured; empty outside all locations
/// @param spans receives the spans
public record TraceOptions(boolean extracts, boolean injects, Optional<Text> recorded, Optional<Text> name,
        List<ComputedAttribute> attributes, String route, SpanExport spans) {

    /// An attribute whose value may depend on the exchange.
    public record ComputedAttribute(String key, Text value) {
    }

    public TraceOptions {
        attributes = List.copyOf(attributes);
    }
}
