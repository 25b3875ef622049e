package io.selvage.server.route;

import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.util.List;

/// Asks another URI of the site whether a request is allowed (`auth_request`). Any 2xx allows it, 401 and 403 deny it; the client
/// gets the `WWW-Authenticate` of a 401. Any other status is an error.
///
/// The subrequest has the fields of the request and no body.
///
/// @param path of the subrequest
/// @param variables are set from the subrequest, whatever its answer
public record AuthRequest(String path, List<Assignment> variables) implements AccessCheck {
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final Verdict FORBIDDEN = new Verdict.Denied(new StatusOnly(Status.FORBIDDEN), "");

    /// A variable that gets its value from the subrequest (`auth_request_set`).
    ///
    /// @param target gets the value
    /// @param value evaluated in the exchange of the subrequest
    public record Assignment(SetVariable.Target target, Text value) {
    }

    public AuthRequest {
        variables = List.copyOf(variables);
    }

    @Override
    public Verdict check(Exchange exchange) throws Failure {
        Subrequest subrequest = Subrequest.open(exchange, new InternalUri(path, ""));
        try (subrequest) {
            subrequest.skipBody();
        }
        for (Assignment each : variables) {
            each.target.set(exchange, each.value.apply(subrequest.exchange()));
        }
        int status = subrequest.head().status().code();
        if (status >= 200 && status < 300) {
            return Verdict.ALLOWED;
        }
        if (status == Status.FORBIDDEN.code()) {
            return FORBIDDEN;
        }
        if (status == Status.UNAUTHORIZED.code()) {
            return new Verdict.Denied(new StatusOnly(Status.UNAUTHORIZED, challenge(subrequest)), "");
        }
        throw Failure.here(Failure.What.REFUSED, "auth request unexpected status: " + status);
    }

    @Override
    public Verdict explain(Exchange exchange, Explanation into) {
        into.add("check", "auth_request " + path, "asks this URI, which is not done here; taken as allowed");
        return Verdict.ALLOWED;
    }

    /// All schemes that the answer offers, or where an error page of ours has taken its place, those of the peer.
    private static Headers challenge(Subrequest subrequest) {
        Headers own = onlyChallenge(subrequest.head().headers());
        return own.size() > 0 ? own : subrequest.exchange().upstream().peerHead().map(ResponseHead::headers)
                .map(AuthRequest::onlyChallenge).orElse(Headers.EMPTY);
    }

    private static Headers onlyChallenge(Headers headers) {
        return headers.without(name -> !Headers.same(name, CHALLENGE));
    }
}
