package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.util.Optional;

/// The SCGI protocol to a peer (`scgi_pass`). A connection carries one request.
///
/// @param variables that describe the request to the application; the first must be `CONTENT_LENGTH`
public record ScgiProtocol(CgiVariables variables) implements UpstreamProtocol {

    @Override
    public boolean needsLength() {
        return true;
    }

    @Override
    public boolean isLoop(Exchange exchange) {
        return variables.isLoop(exchange);
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        ScgiPacket packet = new ScgiPacket();
        variables.addTo(packet, exchange, body);
        return new EncodedHead(packet.encoded(), exchange.routing().method(), "");
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return Optional.empty();
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        return CgiCall.connect(request, address);
    }
}
