package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// Passes an exchange to a peer and its answer back (`proxy_pass`, `uwsgi_pass`).
///
/// Inputs are all given at construction; one handler serves any number of threads.
public final class ProxyHandler implements Handler {
    private static final Status LOOP_DETECTED = Status.of(508);            // RFC 5842 §7.2

    private final TargetSelector destination;
    private final PeerProtocol protocol;
    private final ProxyOptions rules;
    private final ErrorLog log;

    /// @param destination which peers, and what they are asked for
    /// @param protocol what is spoken with them
    /// @param log is told of every failed attempt that is not the exchange's own failure
    public ProxyHandler(TargetSelector destination, PeerProtocol protocol, ProxyOptions rules, ErrorLog log) {
        this.destination = destination;
        this.protocol = protocol;
        this.rules = rules;
        this.log = log;
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        if (MaxForwards.isSpent(exchange)) {
            return new Answer.Reply(new ResponseHead(Status.OK, Headers.EMPTY), Body.NONE);
        }
        if (protocol.circles(exchange)) {
            log.log(Severity.ERROR, exchange, "the request goes in circles: it was passed on from here "
                    + LoopDetection.MOST + " times");
            return new Answer.StatusOnly(LOOP_DETECTED);
        }
        ProxyTarget aim = destination.aim(exchange);
        exchange.proxied(aim.url().named());
        RequestBodySource upload = RequestBodySource.of(exchange, rules.requestBody(), protocol.needsLength());
        exchange.whenDone(_ -> upload.close());
        UpstreamRequest request = protocol.request(exchange, aim, upload.framing());
        RetryLoop passage = new RetryLoop(exchange, rules, protocol, aim.group(), request, upload, log);
        RetryLoop.Answered answered = passage.answered();
        return new UpstreamResponse(passage, answered, request.asksUpgrade()).told();
    }
}
