package io.selvage.server.ssi;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.route.ChangedBody;
import io.selvage.server.route.ResponseFilter;

/// Runs the commands in pages (`ssi`).
///
/// @param types the media types of the pages (`ssi_types`)
/// @param validators whether `Last-Modified` and a weak `ETag` stay (`ssi_last_modified`)
public record SsiFilter(SsiOptions options, MediaTypeSet types, boolean validators) implements ResponseFilter {

    @Override
    public String directive() {
        return "ssi";
    }

    @Override
    public String describe(Exchange exchange) {
        return "runs the commands in pages of " + types.words();
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return "not for this type";
    }

    @Override
    public Answer filter(Exchange exchange, Reply reply) {
        Headers fields = reply.head().headers();
        boolean empty = reply.body() instanceof Body.None && !exchange.routing().method().equals(Method.HEAD);
        if (empty || reply.head().status().isBodiless() || !types.matches(fields)) {
            return reply;
        }
        Headers changed = validators ? ChangedBody.fields(fields) : ChangedBody.withoutValidators(fields);
        return new Reply(new ResponseHead(reply.head().status(), changed),
                new Body.Stream(new SsiSource(exchange, options, BodyReader.of(reply.body()))));
    }

    /// A page that is included may have commands itself.
    @Override
    public boolean isForSubrequests() {
        return true;
    }
}
