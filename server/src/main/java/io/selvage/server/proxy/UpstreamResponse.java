package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.Outcome;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpstreamTrace;
import io.selvage.server.http1.ConnectionStream;
import java.util.Optional;
import java.util.OptionalLong;

/// A peer's response, from its head to what becomes of it: a tunnel, a redirect inside the site, an error page, or a reply.
///
/// [ResponseControls] interprets the head, [ResponsePresentation] which of its fields the client gets.
final class UpstreamResponse {
    /// Fields that the answer takes over which `X-Accel-Redirect` leads to.
    private static final FieldNameSet CARRIED = FieldNameSet.of("content-type", "set-cookie", "content-disposition",
            "cache-control", "expires", "accept-ranges");

    private final UpstreamRequest request;
    private final UpstreamAttempt attempt;
    private final UpstreamCall call;
    private final ResponseHead head;
    private Optional<String> cookie = Optional.empty();    // that binds the client to the peer

    /// @param attempt was answered
    UpstreamResponse(UpstreamRequest request, UpstreamAttempt attempt) {
        this.request = request;
        this.attempt = attempt;
        this.call = attempt.call();
        this.head = attempt.head();
    }

    /// The answer for the client. Ends the attempt, or hands it to the answer's body or tunnel.
    Answer toAnswer() {
        ResponseControls controls = request.options().controls();
        request.exchange().upstream().peerHead(head);
        Sticky sticky = request.target().group().sticky();
        if (sticky != Sticky.NONE) {
            cookie = sticky.setCookie(request.exchange(), attempt.peerId());
            attempt.whenReceived(sticky.learn(request.exchange(), attempt.peerId()));
        }
        if (head.status().code() == Status.SWITCHING_PROTOCOLS.code()) {
            return upgraded();
        }
        if (!request.head().upgrade().isEmpty()) {
            request.exchange().outcome().closeAfter();     // what the client sent ahead was meant for another protocol
        }
        limitRate(controls.limitRate(head));
        Optional<String> redirect = controls.redirect(head);
        if (redirect.isPresent()) {
            attempt.end(UpstreamAttempt.FINISHED);
            return redirected(redirect.get());
        }
        if (controls.intercepts(head.status())) {
            attempt.end(UpstreamAttempt.FINISHED);
            return new Answer.StatusOnly(Status.of(head.status().code()), bound(challenge()));      // with a phrase of ours
        }
        return reply();
    }

    private void limitRate(OptionalLong bytesPerSecond) {
        if (bytesPerSecond.isPresent()) {
            Outcome outcome = request.exchange().outcome();
            outcome.fixRate(bytesPerSecond.getAsLong());
        }
    }

    private Answer upgraded() {
        attempt.upgraded();
        Tunnel tunnel = new Tunnel(new ConnectionStream(call.upgraded()), request.options().bufferSizes().tunnel(),
                request.options().timeouts().read(),
                bytes -> attempt.end(new UpstreamAttempt.Tunnelled(bytes)));
        Headers fields = presented(true).with("Upgrade", head.headers().joined("Upgrade").orElse(""));
        return new Answer.Upgraded(head.withHeaders(fields.with("Connection", "upgrade")), tunnel);
    }

    /// Leads to a named location, or to a path with the method of a page. A text that is neither is answered 404, as in nginx:
    /// the application may have made it from a path that its client sent.
    private Answer redirected(String to) {
        Exchange exchange = request.exchange();
        exchange.upstream().redirectFields(carried(exchange.upstream().redirectFields()));
        if (to.startsWith("@")) {
            return new Answer.NamedLocation(to);
        }
        Optional<InternalUri> uri = InternalUri.parse(to);
        if (uri.isEmpty()) {
            request.log("unsafe URI \"" + to + "\" in X-Accel-Redirect");
            return new Answer.StatusOnly(Status.NOT_FOUND);
        }
        exchange.routing().methodOfPage();
        return new Answer.InternalRedirect(uri.get().path(), uri.get().query());
    }

    /// The fields that go with the answer which this response leads to.
    ///
    /// @param before those of the response that led to this one
    private Headers carried(Headers before) {
        boolean untyped = head.headers().first("Content-Type").filter(String::isEmpty).isPresent();
        Headers own = request.options().presentation().pass(head.headers())
                .without(name -> !CARRIED.contains(name) || untyped && Headers.same(name, "Content-Type"));
        return Headers.builder().addAllBut(name -> own.contains(name) && !Headers.same(name, "Set-Cookie"), before).addAll(own)
                .build();
    }

    /// All schemes of authentication that the peer accepts, each in a field of its own.
    private Headers challenge() {
        return head.status().code() == Status.UNAUTHORIZED.code()
                ? head.headers().without(name -> !Headers.same(name, "WWW-Authenticate")) : Headers.EMPTY;
    }

    /// @param length whether `Content-Length` is among them
    private Headers presented(boolean length) {
        return bound(request.options().presentation().present(head.headers(), length, request));
    }

    private Headers bound(Headers headers) {
        return cookie.map(value -> headers.with("Set-Cookie", value)).orElse(headers);
    }

    /// The protocols that the peer requires with a 426 (RFC 9110 §15.5.22), or offers with another status.
    private Headers withUpgrade(Headers fields) {
        Optional<String> named = head.headers().joined("Upgrade");
        if (named.isEmpty()) {
            return fields;
        }
        if (head.status().code() == Status.UPGRADE_REQUIRED.code()) {
            return fields.with("Upgrade", named.get());
        }
        String offer = request.options().presentation().passesOffers() ? UpgradeProtocols.offered(named.get()) : "";
        return offer.isEmpty() ? fields : fields.with("Upgrade", offer);
    }

    /// A response without body bytes ends the attempt before the client gets anything. It keeps its `Content-Length`, which a
    /// response to HEAD has for the body that it does not send.
    private Answer reply() {
        boolean empty = call.body().length().orElse(1) == 0;
        Headers headers = withUpgrade(presented(empty));
        UpstreamTrace trace = request.exchange().upstream();
        if (trace.redirectFields().size() > 0 && headers.contains("Content-Type")) {
            trace.redirectFields(trace.redirectFields().without("Content-Type"));
        }
        if (empty) {
            attempt.end(UpstreamAttempt.FINISHED);
            return new Answer.Reply(head.withHeaders(headers), Body.NONE);
        }
        StreamingResponseBody body = new StreamingResponseBody(request, attempt);
        BodySource source = stored(attempt.isBuffered() ? new BufferedResponseBody(request, attempt, body) : body);
        boolean ranges = request.options().delivery().forceRanges() && head.status().code() == Status.OK.code();
        if (ranges) {
            trace.forceRanges();
        }
        return new Answer.Reply(head.withHeaders(ranges ? headers.replacing("Accept-Ranges", "bytes") : headers),
                new Body.Stream(source));
    }

    private BodySource stored(BodySource body) {
        Optional<ResponseStore> store = request.options().delivery().store();
        return store.isPresent() && head.status().code() == Status.OK.code()
                ? store.get().storing(body, request, head) : body;
    }
}
