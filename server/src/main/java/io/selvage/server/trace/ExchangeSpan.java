package io.selvage.server.trace;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Target;
import io.selvage.server.trace.FinishedSpan.Kind;
import io.selvage.server.trace.FinishedSpan.Time;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the span of a whole exchange, from its first byte to its end. Its attributes have the names of OpenTelemetry's semantic
/// conventions for HTTP; those of nginx's module, which are the names of an older version, stand beside them.
final class ExchangeSpan {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
            "PATCH", "QUERY");
    private static final int SERVER_ERROR = 500;

    private final Exchange exchange;
    private final TraceOptions options;
    private final List<SpanAttribute> attributes = new ArrayList<>(40);

    private ExchangeSpan(Exchange exchange, TraceOptions options) {
        this.exchange = exchange;
        this.options = options;
    }

    /// The span of an exchange that has just ended. The location where it ended determines the name and the attributes.
    ///
    /// @param first the options of the location where the trace started, for one that ended where nothing is traced
    static List<FinishedSpan> of(Exchange exchange, ExchangeTrace trace, TraceOptions first) {
        TraceOptions last = exchange.routing().values().get(TraceOptions.class).orElse(first);
        return List.of(new ExchangeSpan(exchange, last).finished(trace));
    }

    private FinishedSpan finished(ExchangeTrace trace) {
        int status = exchange.outcome().sent().map(sent -> sent.status().code()).orElse(0);
        addRequest(exchange.request());
        addConnection();
        addResponse(status);
        options.attributes().forEach(own -> add(own.key(), own.value().apply(exchange)));
        return new FinishedSpan(trace.ids(), Kind.SERVER, name(),
                new Time(trace.epochNanos(exchange.startedNanos()), trace.epochNanos(System.nanoTime())), attributes,
                waits(trace), status >= SERVER_ERROR);
    }

    /// When the exchange began to wait in the queue of an upstream. The wait ends when the next attempt begins.
    private List<SpanEvent> waits(ExchangeTrace trace) {
        return exchange.upstream().attempts().stream()
                .filter(attempt -> attempt.waitedNanos() >= 0 && attempt.queuedNanos() >= 0)
                .map(attempt -> new SpanEvent("queued",
                        trace.epochNanos(exchange.startedNanos() + attempt.queuedNanos() - attempt.waitedNanos())))
                .toList();
    }

    /// What the location says, else the location's path, else the method.
    private String name() {
        String name = options.name().map(own -> own.apply(exchange)).orElse(options.route());
        return name.isEmpty() ? knownMethod(exchange.request().method().name()) : SpanAttribute.decoded(name);
    }

    private void addRequest(RequestHead request) {
        Target target = request.target();
        String version = request.version().toString().substring("HTTP/".length());
        String path = target.raw();
        int mark = path.indexOf('?');
        String method = knownMethod(request.method().name());
        add("http.request.method", method);
        if (!method.equals(request.method().name())) {
            add("http.request.method_original", request.method().name());
        }
        add("url.path", mark < 0 ? path : path.substring(0, mark));
        if (mark >= 0) {
            add("url.query", path.substring(mark + 1));
        }
        add("network.protocol.version", version.endsWith(".0") && version.charAt(0) > '1' ? version.substring(0, 1) : version);
        add("http.request.body.size", exchange.body().taken());
        add("http.method", request.method().name());
        add("http.target", path);
        add("http.flavor", version);
        add("http.request_content_length", exchange.body().taken());
        exchange.headers().first("User-Agent").ifPresent(agent -> {
            add("user_agent.original", agent);
            add("http.user_agent", agent);
        });
        if (!options.route().isEmpty()) {
            add("http.route", options.route());
        }
    }

    private void addConnection() {
        boolean secure = exchange.client().secure();
        String scheme = secure ? "https" : "http";
        Optional<Authority> authority = exchange.routing().authority();
        String site = exchange.routing().siteName();
        add("url.scheme", scheme);
        add("http.scheme", scheme);
        add("server.address", authority.map(Authority::host).orElse(site));
        add("net.host.name", site.isEmpty() ? authority.map(Authority::host).orElse("") : site);
        portOf(exchange.client().local()).ifPresent(port -> {
            add("server.port", authority.map(Authority::port).filter(named -> named > 0).orElse(port));
            if (port != (secure ? 443 : 80)) {
                add("net.host.port", port);
            }
        });
        add("client.address", exchange.remoteHost());
        add("network.peer.address", exchange.client().remoteHost());
        add("net.sock.peer.addr", exchange.client().remoteHost());
        portOf(exchange.client().remote()).ifPresent(port -> {
            add("network.peer.port", port);
            add("net.sock.peer.port", port);
        });
    }

    private void addResponse(int status) {
        long bytes = exchange.outcome().sent().map(Sent::bodyBytes).orElse(0L);
        if (status > 0) {
            add("http.response.status_code", status);
            add("http.status_code", status);
        }
        if (status >= SERVER_ERROR) {
            add("error.type", Integer.toString(status));
        }
        add("http.response.body.size", bytes);
        add("http.response_content_length", bytes);
    }

    /// `_OTHER` for one that the conventions do not name, so that clients cannot make any number of values.
    static String knownMethod(String method) {
        return METHODS.contains(method) ? method : "_OTHER";
    }

    private static Optional<Integer> portOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Optional.of(inet.getPort()) : Optional.empty();
    }

    private void add(String key, String value) {
        attributes.add(SpanAttribute.of(key, value));
    }

    private void add(String key, long value) {
        attributes.add(SpanAttribute.of(key, value));
    }
}
