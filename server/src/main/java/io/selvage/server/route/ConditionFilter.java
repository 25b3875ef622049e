package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Body;
import io.selvage.server.http.Conditions;
import io.selvage.server.http.Conditions.Since;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;

/// Responds to conditional requests: 304 if the client's copy is current, 412 if a precondition fails.
///
/// The conditions are compared with the `ETag` and `Last-Modified` of the handler, so this is the first response filter.
/// It applies to responses from memory or from a file; a peer evaluates the conditions of its own responses.
/// An error page is never conditional, because the request was not for it.
///
/// @param since how `If-Modified-Since` is read (`if_modified_since`)
public record ConditionFilter(Since since) implements ResponseFilter {

    @Override
    public String directive() {
        return "conditions";
    }

    @Override
    public Answer filter(Exchange exchange, Reply reply) {
        if (!isConditional(exchange.headers()) || !RangeFilter.isWhole(exchange, reply)
                || exchange.routing().pageStatus().isPresent()) {
            return reply;
        }
        Headers fields = reply.head().headers();
        return switch (Conditions.of(exchange, fields).verdict(since)) {
            case SEND -> reply;
            case NOT_MODIFIED -> {
                reply.body().close();
                Headers kept = fields.without("Content-Type").without(RangeFilter.ACCEPT_RANGES);
                yield new Reply(new ResponseHead(Status.NOT_MODIFIED, kept), Body.NONE);
            }
            case FAILED -> {
                reply.body().close();
                yield new StatusOnly(Status.PRECONDITION_FAILED);
            }
        };
    }

    @Override
    public String describe(Exchange exchange) {
        return "for answers from files and memory: If-Modified-Since, If-None-Match and their like";
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return isConditional(exchange.headers()) ? "the conditions of the request do not apply, or ask for the whole"
                : "the request has no conditions";
    }

    private static boolean isConditional(Headers request) {
        for (int i = 0; i < request.size(); i++) {
            if (request.name(i).regionMatches(true, 0, "If-", 0, 3)) {
                return true;
            }
        }
        return false;
    }
}
