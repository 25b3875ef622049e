package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;

/// The SCGI protocol to a peer (`scgi_pass`). A connection carries one request.
///
/// @param variables that describe the request to the application; the first must be `CONTENT_LENGTH`
public record ScgiProtocol(CgiVariables variables) implements CgiProtocol {

    @Override
    public String name() {
        return "SCGI";
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        ScgiPacket packet = new ScgiPacket();
        variables.addTo(packet, exchange, body);
        return new EncodedHead(packet.encoded(), exchange.routing().method(), "");
    }
}
