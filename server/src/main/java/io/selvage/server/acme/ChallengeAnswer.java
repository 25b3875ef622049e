package io.selvage.server.acme;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.route.Rewrite;
import java.util.Optional;

/// Answers http-01 (RFC 8555 §8.3) before anything else of a site runs. A request for a text that no ACME server has asked for
/// goes on in the site.
public record ChallengeAnswer(Challenges challenges) implements Rewrite {

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        String path = exchange.routing().path();
        boolean asked = path.startsWith(Challenges.PATH)
                && (exchange.routing().method().equals(Method.GET) || exchange.routing().method().equals(Method.HEAD));
        Optional<String> text = asked ? challenges.text(path.substring(Challenges.PATH.length())) : Optional.empty();
        return text.<FilterResult>map(answer -> new Answer.Reply(
                new ResponseHead(Status.OK, Headers.of("Content-Type", "application/octet-stream")), Body.text(answer)))
                .orElse(FilterResult.CONTINUE);
    }
}
