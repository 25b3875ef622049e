package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.observe.ErrorLog;

/// Passes an exchange to a peer and its answer back (`proxy_pass`, `uwsgi_pass`).
///
/// Inputs are all given at construction; one handler serves any number of threads.
public final class ProxyHandler implements Handler {
    private final Destination destination;
    private final PeerProtocol protocol;
    private final ProxyRules rules;
    private final ErrorLog log;

    /// @param destination which peers, and what they are asked for
    /// @param protocol what is spoken with them
    /// @param log is told of every failed attempt that is not the exchange's own failure
    public ProxyHandler(Destination destination, PeerProtocol protocol, ProxyRules rules, ErrorLog log) {
        this.destination = destination;
        this.protocol = protocol;
        this.rules = rules;
        this.log = log;
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Aim aim = destination.aim(exchange);
        exchange.proxied(aim.url().named());
        Upload upload = Upload.of(exchange, rules.upload(), protocol.needsLength());
        exchange.whenDone(_ -> upload.close());
        PeerRequest request = protocol.request(exchange, aim, upload.framing());
        Passage passage = new Passage(exchange, rules, protocol, aim.group(), request, upload, log);
        Passage.Answered answered = passage.answered();
        return new PeerAnswer(passage, answered, request.asksUpgrade()).told();
    }
}
