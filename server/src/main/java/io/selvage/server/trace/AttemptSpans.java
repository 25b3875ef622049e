package io.selvage.server.trace;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Status;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.trace.FinishedSpan.Kind;
import io.selvage.server.trace.FinishedSpan.Time;
import java.util.ArrayList;
import java.util.List;

/// The spans of the attempts at peers of one exchange. The times are those that the proxy has measured. Used by the thread of the
/// exchange.
final class AttemptSpans {
    private final List<Started> started = new ArrayList<>(1);

    /// An attempt that has started.
    ///
    /// @param index where the exchange has the record of the attempt, once it has one
    /// @param span the identifier of its span
    private record Started(int index, long span, String scheme, String url) {
    }

    /// Called before an attempt.
    ///
    /// @return the identifier of its span
    long begin(Exchange exchange, ProxyTarget target) {
        long span = TraceId.randomSpan();
        String scheme = target.url().scheme();
        started.add(new Started(exchange.upstream().attempts().size(), span, scheme,
                scheme + "://" + target.url().host() + target.uri().target(exchange)));
        return span;
    }

    /// The spans of all attempts, when the exchange has ended.
    List<FinishedSpan> finished(Exchange exchange, ExchangeTrace trace) {
        List<Attempt> attempts = exchange.upstream().attempts();
        List<FinishedSpan> spans = new ArrayList<>(started.size());
        for (Started each : started) {
            if (each.index < attempts.size() && attempts.get(each.index).queuedNanos() >= 0) {
                spans.add(span(exchange, trace, each, attempts.get(each.index), spans.size()));
            }
        }
        return spans;
    }

    private static FinishedSpan span(Exchange exchange, ExchangeTrace trace, Started started, Attempt attempt, int before) {
        long start = trace.epochNanos(exchange.startedNanos() + attempt.queuedNanos());
        String method = ExchangeSpan.knownMethod(exchange.routing().method().name());
        return new FinishedSpan(trace.idsInside(started.span), Kind.CLIENT, method, new Time(start, start + attempt.totalNanos()),
                attributes(started, attempt, method, before), events(attempt, start), isFailed(attempt));
    }

    private static List<SpanEvent> events(Attempt attempt, long start) {
        List<SpanEvent> events = new ArrayList<>(2);
        if (attempt.connectNanos() > 0) {
            events.add(new SpanEvent("connected", start + attempt.connectNanos()));
        }
        if (attempt.headerNanos() >= 0) {
            events.add(new SpanEvent("response head received", start + attempt.headerNanos()));
        }
        return events;
    }

    private static List<SpanAttribute> attributes(Started started, Attempt attempt, String method, int before) {
        List<SpanAttribute> attributes = new ArrayList<>(12);
        attributes.add(SpanAttribute.of("http.request.method", method));
        attributes.add(SpanAttribute.of("url.full", started.url));
        attributes.add(SpanAttribute.of("url.scheme", started.scheme));
        addPeer(attributes, attempt.peer().address());
        if (attempt.headerNanos() >= 0) {
            attributes.add(SpanAttribute.of("http.response.status_code", attempt.status().code()));
        }
        if (isFailed(attempt)) {
            attributes.add(SpanAttribute.of("error.type", errorType(attempt)));
        }
        if (before > 0) {
            attributes.add(SpanAttribute.of("http.request.resend_count", before));
        }
        attributes.add(SpanAttribute.of("http.response.body.size", attempt.traffic().body()));
        return attributes;
    }

    /// The host and port of `host:port` and `[address]:port`; the path of a unix socket.
    private static void addPeer(List<SpanAttribute> attributes, String peer) {
        int colon = peer.lastIndexOf(':');
        if (peer.startsWith("unix:")) {
            attributes.add(SpanAttribute.of("server.address", peer.substring("unix:".length())));
        } else if (colon > peer.lastIndexOf(']')) {
            String host = peer.substring(0, colon);
            attributes.add(SpanAttribute.of("server.address", host.startsWith("[") ? host.substring(1, colon - 1) : host));
            attributes.add(SpanAttribute.of("server.port", Long.parseLong(peer.substring(colon + 1))));
        } else {
            attributes.add(SpanAttribute.of("server.address", peer));
        }
    }

    private static boolean isFailed(Attempt attempt) {
        return attempt.headerNanos() < 0 || attempt.status().code() >= 400;
    }

    /// The status of the response, or why there is none.
    private static String errorType(Attempt attempt) {
        if (attempt.headerNanos() >= 0) {
            return Integer.toString(attempt.status().code());
        }
        return attempt.status().code() == Status.GATEWAY_TIMEOUT.code() ? "timeout"
                : attempt.status().code() == Status.CLIENT_CLOSED.code() ? "client_closed" : "no_response";
    }
}
