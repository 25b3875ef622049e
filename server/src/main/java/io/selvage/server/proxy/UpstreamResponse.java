package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Outcome;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Targets;
import io.selvage.server.http1.ConnectionStream;
import java.util.OptionalLong;

/// A peer's response, from its head to what becomes of it: a tunnel, a redirect inside the site, an error page, or a reply.
///
/// [ResponseControls] says what the head means, [ResponsePresentation] which of its fields the client gets.
final class UpstreamResponse {
    /// Fields that the answer takes over which `X-Accel-Redirect` leads to.
    private static final FieldNameSet CARRIED = FieldNameSet.of("content-type", "set-cookie", "content-disposition",
            "cache-control", "expires", "accept-ranges");

    private final UpstreamRequest request;
    private final UpstreamAttempt attempt;
    private final UpstreamCall call;
    private final ResponseHead head;

    /// @param attempt was answered
    UpstreamResponse(UpstreamRequest request, UpstreamAttempt attempt) {
        this.request = request;
        this.attempt = attempt;
        this.call = attempt.call();
        this.head = attempt.head();
    }

    /// The answer for the client. Ends the attempt, or hands it to the answer's body or tunnel.
    ///
    /// @throws Failure where `X-Accel-Redirect` is no path
    Answer toAnswer() throws Failure {
        ResponseControls controls = request.options().controls();
        request.exchange().upstream().peerHead(head);
        if (head.status().code() == Status.SWITCHING_PROTOCOLS.code()) {
            return upgraded();
        }
        if (request.head().asksUpgrade()) {
            request.exchange().outcome().closeAfter();     // what the client sent ahead was meant for another protocol
        }
        limitRate(controls.limitRate(head));
        String redirect = controls.redirect(head);
        if (!redirect.isEmpty()) {
            attempt.end(UpstreamAttempt.FINISHED);
            return redirected(redirect);
        }
        if (controls.intercepts(head.status())) {
            attempt.end(UpstreamAttempt.FINISHED);
            return new Answer.StatusOnly(head.status(), challenge());
        }
        return reply();
    }

    private void limitRate(OptionalLong bytesPerSecond) {
        if (bytesPerSecond.isPresent()) {
            Outcome outcome = request.exchange().outcome();
            outcome.rate(bytesPerSecond.getAsLong(), outcome.rateAfter());
        }
    }

    private Answer upgraded() {
        attempt.upgraded();
        Tunnel tunnel = new Tunnel(new ConnectionStream(call.upgraded()), request.options().bufferSizes().tunnel(),
                request.options().timeouts().read(),
                bytes -> attempt.end(new UpstreamAttempt.Tunnelled(bytes)));
        return new Answer.Upgraded(head.withHeaders(presented().with("Connection", "upgrade")), tunnel);
    }

    private Answer redirected(String to) throws Failure {
        Exchange exchange = request.exchange();
        exchange.upstream().replacements(head.headers().without(name -> !CARRIED.contains(name)));
        exchange.routing().methodOfPage();
        if (to.startsWith("@")) {
            return new Answer.NamedLocation(to);
        }
        return switch (Targets.parse(to, exchange.routing().options().head().mergeSlashes())) {
            case Targets.Reading.Valid(Target target) -> new Answer.InternalRedirect(target.path(), target.query());
            case Targets.Reading.Refused(var why) -> throw Failure.upstream(Failure.What.MALFORMED, false,
                    "X-Accel-Redirect \"" + to + "\": " + why.reason());
        };
    }

    /// All schemes of authentication that the peer accepts, each in a field of its own.
    private Headers challenge() {
        return head.status().code() == Status.UNAUTHORIZED.code()
                ? head.headers().without(name -> !Headers.same(name, "WWW-Authenticate")) : Headers.EMPTY;
    }

    private Headers presented() {
        return request.options().presentation().present(head.headers(), request.exchange());
    }

    /// A response without body bytes ends the attempt before the client gets anything. It keeps its `Content-Length`, which a
    /// response to HEAD has for the body that it does not send.
    private Answer reply() {
        Headers headers = presented();
        if (call.body().length().orElse(1) == 0) {
            attempt.end(UpstreamAttempt.FINISHED);
            return new Answer.Reply(head.withHeaders(headers), Body.NONE);
        }
        StreamingResponseBody body = new StreamingResponseBody(request, attempt);
        return new Answer.Reply(head.withHeaders(headers.without("Content-Length")),
                new Body.Stream(request.options().buffers(head) ? new BufferedResponseBody(request, attempt, body) : body));
    }
}
