package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Targets;
import java.util.OptionalLong;

/// What the client is told of a peer's answer.
final class UpstreamResponse {
    /// Fields that go with the answer of the place where `X-Accel-Redirect` leads.
    private static final FieldNameSet CARRIED = FieldNameSet.of("content-type", "set-cookie", "content-disposition",
            "cache-control", "expires", "accept-ranges");

    private final RetryLoop passage;
    private final Exchange exchange;
    private final ProxyOptions rules;
    private final UpstreamAttempt call;
    private final ResponseHead head;
    private final boolean upgradeAsked;

    UpstreamResponse(RetryLoop passage, RetryLoop.Answered answered, boolean upgradeAsked) {
        this.passage = passage;
        this.exchange = passage.exchange();
        this.rules = passage.rules();
        this.call = answered.call();
        this.head = answered.head();
        this.upgradeAsked = upgradeAsked;
    }

    Answer told() throws Failure {
        exchange.peerHead(head);
        if (head.status().code() == Status.SWITCHING_PROTOCOLS.code()) {
            return upgraded();
        }
        if (upgradeAsked) {
            exchange.closeAfter();                         // what the client sent ahead was meant for another protocol
        }
        limitRate();
        String elsewhere = rules.controls().redirect(head);
        if (!elsewhere.isEmpty()) {
            call.ended();
            return redirected(elsewhere);
        }
        if (rules.controls().intercepts(head.status())) {
            call.ended();
            return new Answer.StatusOnly(head.status(), challenge());
        }
        return reply();
    }

    private Answer upgraded() {
        call.upgraded();
        Tunnel tunnel = new Tunnel(call.current().upgraded(), rules.bufferSizes().tunnel(), rules.timeouts().read(),
                call::tunnelled);
        return new Answer.Upgraded(head.withHeaders(shown().with("Connection", "upgrade")), tunnel);
    }

    private void limitRate() {
        OptionalLong rate = rules.controls().limitRate(head);
        if (rate.isPresent()) {
            exchange.rate(rate.getAsLong(), exchange.rateAfter());
        }
    }

    private Answer redirected(String to) throws Failure {
        exchange.carry(head.headers().without(name -> !CARRIED.contains(name)));
        if (!exchange.method().equals(Method.HEAD)) {
            exchange.method(Method.GET);
        }
        if (to.startsWith("@")) {
            return new Answer.Named(to);
        }
        return switch (Targets.parse(to, exchange.rules().head().mergeSlashes())) {
            case Targets.Reading.Understood(Target target) -> new Answer.InternalRedirect(target.path(), target.query());
            case Targets.Reading.Refused(var why) -> throw Failure.upstream(Failure.What.MALFORMED, false,
                    "X-Accel-Redirect \"" + to + "\": " + why.reason());
        };
    }

    /// All that the peer would accept, each in a field of its own.
    private Headers challenge() {
        return head.status().code() == Status.UNAUTHORIZED.code()
                ? head.headers().without(name -> !Headers.same(name, "WWW-Authenticate")) : Headers.EMPTY;
    }

    private Headers shown() {
        return rules.presentation().present(head.headers(), exchange);
    }

    /// The connection is given back before the client gets a byte where nothing is to come from it. Such an answer keeps its
    /// `Content-Length`, which tells a HEAD of the body it does not get.
    private Answer reply() {
        Headers headers = shown();
        if (call.current().body().length().orElse(1) == 0) {
            call.ended();
            return new Answer.Reply(head.withHeaders(headers), Body.NONE);
        }
        Body body = new Body.Stream(rules.buffers(head) ? new BufferedResponseBody(passage, call)
                : new StreamingResponseBody(passage, call));
        return new Answer.Reply(head.withHeaders(headers.without("Content-Length")), body);
    }
}
