package io.selvage.server.trace;

/// Something that happened at one moment during a span.
///
/// @param epochNanos since 1970
record SpanEvent(String name, long epochNanos) {
}
