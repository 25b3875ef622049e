package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;
import java.util.Optional;
import java.util.OptionalLong;

/// The uwsgi protocol to a peer (`uwsgi_pass`): variables in a packet, then the body as it is. The answer is one of HTTP, or of
/// CGI with its status in a `Status` field (RFC 3875 §6.3.3). A connection carries one request.
///
/// @param variables what the application is told
/// @param modifier1 the kind of packet, 0 for a WSGI request (`uwsgi_modifier1`)
/// @param modifier2 (`uwsgi_modifier2`)
public record UwsgiProtocol(UwsgiVariables variables, int modifier1, int modifier2) implements PeerProtocol {
    private static final String STATUS = "Status";

    @Override
    public boolean needsLength() {
        return true;
    }

    @Override
    public boolean keepsConnections() {
        return false;
    }

    @Override
    public boolean circles(Exchange exchange) {
        return variables.circles(exchange);
    }

    @Override
    public UpstreamRequest request(Exchange exchange, ProxyTarget aim, Framing body) throws Failure {
        UwsgiPacket packet = new UwsgiPacket();
        OptionalLong length = body instanceof Framing.Length(long bytes) ? OptionalLong.of(bytes) : OptionalLong.empty();
        variables.addTo(packet, exchange, length);
        boolean asksUpgrade = RequestFields.upgradeWanted(exchange).isPresent();
        return new UpstreamRequest(packet.encoded(modifier1, modifier2), exchange.method(), asksUpgrade);
    }

    @Override
    public void prepare(Http1Call call) {
        call.allowMissingStatusLine();
    }

    @Override
    public ResponseHead understood(ResponseHead answered) {
        Optional<String> told = answered.headers().first(STATUS);
        if (told.isEmpty()) {
            return answered;
        }
        String code = told.get().strip().split(" ", 2)[0];
        boolean wellFormed = code.length() == 3 && code.chars().allMatch(c -> c >= '0' && c <= '9') && code.charAt(0) >= '2';
        return new ResponseHead(wellFormed ? Status.of(Integer.parseInt(code)) : Status.BAD_GATEWAY,
                answered.headers().without(STATUS));
    }
}
