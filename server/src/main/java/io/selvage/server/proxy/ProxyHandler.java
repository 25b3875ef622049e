package io.selvage.server.proxy;

import io.selvage.loadbalancer.HealthCheck;
import io.selvage.server.http.Answer;
import io.selvage.server.http.AnswerUnknown;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.Io;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import org.jspecify.annotations.Nullable;

/// Passes an exchange to a peer, and the peer's response to the client (`proxy_pass`, `grpc_pass`, `fastcgi_pass`, `scgi_pass`,
/// `uwsgi_pass`).
///
/// Immutable; one handler serves any number of threads.
public final class ProxyHandler implements Handler {
    private static final Status LOOP_DETECTED = Status.of(508);            // RFC 5842 §7.2

    private final TargetSelector targets;
    private final UpstreamProtocol protocol;
    private final ProxyOptions options;
    private final ErrorLog log;

    /// @param targets the peers and the request target for them
    /// @param protocol what is spoken with them
    /// @param log gets every failed attempt that does not fail the exchange
    public ProxyHandler(TargetSelector targets, UpstreamProtocol protocol, ProxyOptions options, ErrorLog log) {
        this.targets = targets;
        this.protocol = protocol;
        this.options = options;
        this.log = log;
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Answer own = ownAnswer(exchange);
        if (own != null) {
            return own;
        }
        UpstreamRequest request = request(exchange);
        UpstreamAttempt answered = new RetryLoop(request).run();
        return toAnswer(request, answered);
    }

    /// The answer to a request that no peer gets; null for others.
    private @Nullable Answer ownAnswer(Exchange exchange) {
        if (MaxForwards.isSpent(exchange)) {
            return new Answer.Reply(new ResponseHead(Status.OK, Headers.EMPTY), Body.NONE);
        }
        if (protocol.isLoop(exchange)) {
            log.log(Severity.ERROR, exchange, "the request is in a loop: this server has passed it on "
                    + LoopDetection.MOST + " times");
            return new Answer.StatusOnly(LOOP_DETECTED);
        }
        return null;
    }

    @Override
    public Answer explain(Exchange exchange, Explanation into) throws Failure {
        Explanation step = into.add("content", "proxy", "").with("handler", "proxy");
        Answer own = ownAnswer(exchange);
        if (own != null) {
            step.says("answers without a peer");
            return own;
        }
        ProxyTarget target = targets.select(exchange);
        step.says("to " + target.url().scheme() + "://" + target.url().authority() + target.url().path() + " in "
                + protocol.name());
        exchange.beginUpstream().target(target.url().named());
        ExplainedUpstream.explain(exchange, target, protocol, options, step);
        throw new AnswerUnknown("the peer");
    }

    /// A health check by requests like those that are passed.
    public HealthProbe probe(PeerGroup group, HealthCheck check, HealthProbe.Schedule schedule, ProbeOptions probing, Io io) {
        return new HealthProbe(group, check, schedule, new RequestProbe(targets, protocol, options, log, probing, io));
    }

    private static Answer toAnswer(UpstreamRequest request, UpstreamAttempt answered) {
        try {
            return new UpstreamResponse(request, answered).toAnswer();
        } catch (RuntimeException bug) {                       // or else the peer counts as busy for ever
            answered.end(new UpstreamAttempt.Failed(Failure.bug(bug)));
            throw bug;
        }
    }

    private UpstreamRequest request(Exchange exchange) throws Failure {
        ProxyTarget target = targets.select(exchange);
        exchange.beginUpstream().target(target.url().named());
        RequestBodySource body = RequestBodySource.of(exchange, options.requestBody(), protocol);
        if (body != BufferedRequestBody.NONE) {
            exchange.whenDone(_ -> body.close());
        }
        EncodedHead head = protocol.encode(exchange, target, body.framing());
        return new UpstreamRequest(exchange, target, protocol, options, body, head, log);
    }
}
