package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.util.Optional;

/// A protocol with a listener for attempts. Each attempt has a head of its own.
///
/// @param spoken the protocol itself
public record AnnouncedProtocol(UpstreamProtocol spoken, AttemptListener listener) implements UpstreamProtocol {

    @Override
    public boolean needsLength() {
        return spoken.needsLength();
    }

    @Override
    public boolean isDuplex() {
        return spoken.isDuplex();
    }

    @Override
    public boolean isLoop(Exchange exchange) {
        return spoken.isLoop(exchange);
    }

    @Override
    public boolean encodesEachAttempt() {
        return true;
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        listener.beforeAttempt(exchange, target);
        return spoken.encode(exchange, target, body);
    }

    @Override
    public String name() {
        return spoken.name();
    }

    @Override
    public String readable(Exchange exchange, ProxyTarget target, Framing body) throws Failure {
        listener.beforeAttempt(exchange, target);
        return spoken.readable(exchange, target, body);
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return spoken.reuse(request, address);
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        return spoken.connect(request, address);
    }
}
