package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.PeerConnection;
import java.util.List;
import java.util.Optional;

/// The FastCGI protocol to a peer (`fastcgi_pass`).
///
/// @param variables that describe the request to the application
/// @param keepsConnection true if a connection is used for further requests (`fastcgi_keep_conn`)
/// @param caught texts that make a response a failure where the application writes them to its error stream before the head
///     (`fastcgi_catch_stderr`)
public record FastCgiProtocol(CgiVariables variables, boolean keepsConnection, List<String> caught) implements UpstreamProtocol {
    /// In front of an address, the key of the connections that speak this protocol.
    private static final String POOL = "fastcgi ";

    public FastCgiProtocol {
        caught = List.copyOf(caught);
    }

    /// A stream has an end of its own.
    @Override
    public boolean needsLength() {
        return false;
    }

    @Override
    public boolean isLoop(Exchange exchange) {
        return variables.isLoop(exchange);
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        FastCgiPacket packet = new FastCgiPacket();
        variables.addTo(packet, exchange, body);
        boolean bodiless = body instanceof Framing.None || body instanceof Framing.Length(long length) && length == 0;
        return new EncodedHead(packet.encoded(keepsConnection, bodiless), exchange.routing().method(), "");
    }

    @Override
    public String name() {
        return "FastCGI";
    }

    @Override
    public String readable(Exchange exchange, ProxyTarget target, Framing body) {
        return CgiListing.of(variables, exchange, body);
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return !keepsConnection ? Optional.empty()
                : request.target().group().idle(request, POOL + address).map(peer -> call(request, peer));
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        PeerConnection peer = request.target().group().connect(request, address, POOL + address,
                FastCgiConnection::new);
        return call(request, peer);
    }

    private UpstreamCall call(UpstreamRequest request, PeerConnection peer) {
        return new FastCgiCall(request, peer, (FastCgiConnection) peer.connection(), this);
    }
}
