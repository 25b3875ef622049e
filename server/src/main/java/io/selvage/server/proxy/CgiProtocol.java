package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.util.Optional;

/// A protocol whose packet of variables announces the length of the body, and whose connection carries one request: uwsgi and
/// SCGI.
interface CgiProtocol extends UpstreamProtocol {

    /// The variables that describe the request to the application.
    CgiVariables variables();

    @Override
    default boolean needsLength() {
        return true;
    }

    @Override
    default boolean isLoop(Exchange exchange) {
        return variables().isLoop(exchange);
    }

    @Override
    default String readable(Exchange exchange, ProxyTarget target, Framing body) {
        return CgiListing.of(variables(), exchange, body);
    }

    @Override
    default Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return Optional.empty();
    }

    @Override
    default UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        return CgiCall.connect(request, address);
    }
}
