/// Distributed tracing: the context of a trace in requests (W3C Trace Context), and spans that are exported to an OTLP receiver.
///
/// [TraceStart] is in the locations that have tracing. [ExchangeTrace] is the trace of one exchange, [TracedAttempts] gives each
/// attempt at a peer a span of its own. When an exchange ends, [ExchangeSpan] and [AttemptSpans] make spans of what was measured.
/// [SpanExport] takes them over a queue and hands them to a [SpanReceiver] on a thread of its own.
///
/// Only [SpanEncoder] and [ExportedSpan] use the OpenTelemetry SDK. No class of it is loaded before the first export.
@NullMarked
package io.selvage.server.trace;

import org.jspecify.annotations.NullMarked;
