package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Text;
import io.selvage.server.http.Whitespace;
import io.selvage.server.http1.CharClasses;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.http2.HpackEncoder;
import io.selvage.server.http2.PeerSession;
import io.selvage.server.http2.PeerStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/// HTTP/2 to a peer, without negotiation in plain text (RFC 9113 §3.3): `grpc_pass`, and `proxy_pass` with
/// `proxy_http_version 2`.
///
/// Requests share connections. Fields are encoded with the static table of HPACK alone, so that a head is the same for every
/// connection.
///
/// @param fields which fields are sent; `Host` becomes `:authority`
/// @param method of the request to the peer
/// @param keepsIdle false to close a connection with its last stream, whatever the group of peers keeps
public record Http2Protocol(RequestFields fields, Text method, boolean keepsIdle) implements UpstreamProtocol {
    /// Fields of a connection (RFC 9113 §8.2.2), and those that are written apart.
    private static final FieldNameSet NOT_SENT = FieldNameSet.of("connection", "keep-alive", "proxy-connection",
            "transfer-encoding", "upgrade", "host", "te", "content-length");

    /// The key of the connections that this protocol uses.
    private String key(UpstreamRequest request, String address) {
        return PeerGroup.key(request, (keepsIdle ? "http2 " : "http2 once ") + address);
    }

    @Override
    public boolean needsLength() {
        return false;
    }

    @Override
    public boolean isDuplex() {
        return true;
    }

    @Override
    public boolean isLoop(Exchange exchange) {
        return fields.isLoop(exchange);
    }

    @Override
    public String name() {
        return "HTTP/2";
    }

    @Override
    public String readable(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        Headers all = fields(exchange, target, body, Method.of(method.apply(exchange)));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            lines.append(all.name(i).toLowerCase(Locale.ROOT)).append(": ").append(all.value(i)).append('\n');
        }
        return lines.toString();
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        Method sent = Method.of(method.apply(exchange));
        return new EncodedHead(block(fields(exchange, target, body, sent)), sent, "");
    }

    private Headers fields(Exchange exchange, ProxyTarget target, Framing body, Method sent) throws Failure {
        String path = target.uri().target(exchange);
        if (!CharClasses.isToken(sent.name()) || path.isEmpty() || path.indexOf(' ') >= 0 || path.indexOf('\t') >= 0) {
            throw Failure.here(Failure.What.BUG, "an invalid request line that was to be sent");
        }
        Headers headers = fields.of(exchange, target.url().host());
        Headers.Builder all = Headers.builder().add(":method", sent.name()).add(":scheme", scheme(target.url().scheme()))
                .add(":path", path).add(":authority", headers.first("Host").map(Whitespace::trim).orElse(""));
        for (int i = 0; i < headers.size(); i++) {
            if (!NOT_SENT.contains(headers.name(i))) {
                all.add(headers.name(i), Whitespace.trim(headers.value(i)));
            }
        }
        if (takesTrailers(exchange, headers)) {
            all.add("te", "trailers");
        }
        if (body instanceof Framing.Length(long length)) {
            all.add("content-length", Long.toString(length));
        }
        return all.build();
    }

    private static String scheme(String ofUrl) {
        return ofUrl.equals("https") || ofUrl.equals("grpcs") ? "https" : "http";
    }

    /// True if the client takes trailers, or the location says so.
    private static boolean takesTrailers(Exchange exchange, Headers headers) {
        return exchange.headers().tokens("TE").contains("trailers") || headers.tokens("TE").contains("trailers");
    }

    /// Encodes fields so that every connection can send them.
    static ByteBuffer block(Headers fields) {
        HpackEncoder encoder = new HpackEncoder(0);
        ByteBuffer out = ByteBuffer.allocate(HpackEncoder.bound(fields));
        for (int i = 0; i < fields.size(); i++) {
            encoder.field(fields.name(i), fields.value(i), out);
        }
        return out.flip();
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return sessions(request).open(key(request, address), limits(request))
                .map(stream -> new Http2UpstreamCall(request, stream));
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        PeerGroup group = request.target().group();
        String key = key(request, address);
        ProxyOptions.Timeouts timeouts = request.options().timeouts();
        PeerStream.Limits limits = limits(request);
        Optional<PeerStream> joined = sessions(request).join(key, limits, timeouts.connect());
        PeerStream stream = joined.isPresent() ? joined.get() : sessions(request).connect(key, keepsIdle, limits, requests -> {
            PeerConnection peer = group.connect(request, address);
            return PeerSession.start(peer.connection(), address, requests, timeouts.send());
        });
        return new Http2UpstreamCall(request, stream);
    }

    private static SharedSessions sessions(UpstreamRequest request) {
        return request.target().group().shared();
    }

    private static PeerStream.Limits limits(UpstreamRequest request) {
        ProxyOptions.Timeouts timeouts = request.options().timeouts();
        return new PeerStream.Limits(request.method(), timeouts.send(), timeouts.read(), request.options().bufferSizes().head());
    }
}
