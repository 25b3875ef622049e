package io.selvage.server.transform;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.route.ChangedBody;
import io.selvage.server.route.ResponseFilter;
import io.selvage.server.route.Subrequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts the answers of other URIs of the site before and behind a body (`add_before_body`, `add_after_body`). Answers with
/// another status than 200 stay as they are.
///
/// @param before a path, or empty for nothing
/// @param after a path, or empty for nothing
/// @param types the media types of the answers that are changed (`addition_types`)
public record AdditionFilter(Optional<String> before, Optional<String> after, MediaTypeSet types) implements ResponseFilter {

    @Override
    public String directive() {
        return "addition";
    }

    @Override
    public String describe(Exchange exchange) {
        return "adds " + before.orElse("") + " " + after.orElse("") + " around " + types.words();
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return "not for this status or type";
    }

    @Override
    public Answer filter(Exchange exchange, Reply reply) {
        if (reply.head().status().code() != 200 || !types.matches(reply.head().headers())) {
            return reply;
        }
        List<JoinedSource.Part> parts = new ArrayList<>(3);
        before.ifPresent(path -> parts.add(new Added(exchange, path)));
        parts.add(new Own(reply.body()));
        after.ifPresent(path -> parts.add(new Added(exchange, path)));
        return new Reply(new ResponseHead(reply.head().status(), ChangedBody.fields(reply.head().headers())),
                new Body.Stream(new JoinedSource(parts)));
    }

    private record Own(Body body) implements JoinedSource.Part {
        @Override
        public BodySource open() {
            return BodyReader.of(body);
        }

        @Override
        public void close() {
            body.close();
        }
    }

    private static final class Added implements JoinedSource.Part {
        private final Exchange exchange;
        private final String path;
        private @Nullable Subrequest open;

        Added(Exchange exchange, String path) {
            this.exchange = exchange;
            this.path = path;
        }

        @Override
        public BodySource open() throws Failure {
            Subrequest subrequest = Subrequest.open(exchange, new InternalUri(path, ""));
            open = subrequest;
            return subrequest.body();
        }

        @Override
        public void close() {
            if (open != null) {
                open.close();
            }
        }
    }
}
