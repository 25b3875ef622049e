package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.http1.RequestWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// HTTP/1 to a peer (`proxy_pass`).
///
/// @param fields which fields are sent
/// @param method of the request to the peer (`proxy_method`)
/// @param version HTTP/1.0 has neither chunks nor a second request on a connection (`proxy_http_version`)
public record Http1Protocol(RequestFields fields, Text method, Version version) implements UpstreamProtocol {
    /// Usual number of bytes that a head grows by on its way to the peer.
    private static final int MORE = 192;

    @Override
    public boolean needsLength() {
        return version == Version.HTTP_1_0;
    }

    @Override
    public boolean isLoop(Exchange exchange) {
        return fields.isLoop(exchange);
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        Method sent = Method.of(method.apply(exchange));
        RequestWriter head = new RequestWriter(sent, target.uri().target(exchange), version, exchange.request().size() + MORE);
        String upgrade = fields.write(exchange, target.url().host(), version, head);
        return new EncodedHead(head.end(body), sent, upgrade);
    }

    @Override
    public String name() {
        return version.toString();
    }

    @Override
    public String readable(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        return StandardCharsets.ISO_8859_1.decode(encode(exchange, target, body).bytes().duplicate()).toString();
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return version == Version.HTTP_1_0 ? Optional.empty()
                : request.target().group().idle(request, address).map(peer -> new Http1UpstreamCall(request, peer, true));
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        PeerConnection peer = request.target().group().connect(request, address);
        return new Http1UpstreamCall(request, peer, version == Version.HTTP_1_1);
    }
}
