package io.selvage.server.trace;

import java.util.List;

/// A span that has ended. Immutable; it refers to nothing of its exchange, which may be gone when the span is exported.
///
/// @param kind of the span
/// @param time when it began and ended
/// @param failed true if the span's status is an error
record FinishedSpan(Ids ids, Kind kind, String name, Time time, List<SpanAttribute> attributes, List<SpanEvent> events,
        boolean failed) {

    /// What a span is about.
    enum Kind {
        /// A request that was received.
        SERVER,
        /// A request that was sent.
        CLIENT
    }

    /// Where a span belongs.
    ///
    /// @param span its identifier
    /// @param parent the identifier of the span around it; 0 for none
    /// @param remote true if another process has that span
    /// @param state `tracestate` of the request; may be empty
    record Ids(TraceId trace, long span, long parent, boolean remote, String state) {
    }

    /// In nanoseconds since 1970.
    record Time(long start, long end) {
    }

    FinishedSpan {
        attributes = List.copyOf(attributes);
        events = List.copyOf(events);
    }
}
