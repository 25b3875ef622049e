package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;

/// The uwsgi protocol to a peer (`uwsgi_pass`). A connection carries one request.
///
/// @param variables that describe the request to the application
/// @param modifier1 the kind of packet, 0 for a WSGI request (`uwsgi_modifier1`)
/// @param modifier2 (`uwsgi_modifier2`)
public record UwsgiProtocol(CgiVariables variables, int modifier1, int modifier2) implements CgiProtocol {

    @Override
    public String name() {
        return "uwsgi";
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        UwsgiPacket packet = new UwsgiPacket();
        variables.addTo(packet, exchange, body);
        return new EncodedHead(packet.encoded(modifier1, modifier2), exchange.routing().method(), variables.upgrade(exchange));
    }
}
