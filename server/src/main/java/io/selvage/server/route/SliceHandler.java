package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Body;
import io.selvage.server.http.Conditions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Ranges;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import java.util.List;

/// Puts an answer together from ranges of equal size, which are asked for one after the other (`slice`). So a peer sends, and a
/// cache keeps, parts of a large file. Requests of a client for a range ask only for the parts that it lies in.
///
/// This concerns answers of peers to requests with `$slice_range`; others stay as they are.
///
/// @param size of a part in bytes, above 0
/// @param ranges whether the client may ask for a range (`max_ranges`)
/// @param next passes requests to peers
/// @param errors gets what is wrong with parts after the first
public record SliceHandler(long size, boolean ranges, Handler next, ErrorLog errors) implements Handler {
    private static final String RANGE = "Range";

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        SliceRange range = SliceRange.of(exchange);
        long start = start(exchange) / size * size;
        range.begin(start, size);
        Answer answer;
        boolean used;
        try {
            answer = next.handle(exchange);
        } finally {
            used = range.isUsed();
            range.end();
        }
        if (used && answer instanceof Reply reply && reply.head().status().equals(Status.PARTIAL_CONTENT)) {
            return whole(exchange, reply, start);
        }
        return answer;
    }

    @Override
    public Answer explain(Exchange exchange, Explanation into) throws Failure {
        into.add("content", "slice", "asks for parts of " + size + " bytes, one after the other; here is the first");
        return new SliceHandler(size, ranges, of -> next.explain(of, into), errors).handle(exchange);
    }

    /// The position where the client's range begins, if it asks for a single one without a condition; 0 otherwise.
    private long start(Exchange exchange) {
        Headers fields = exchange.headers();
        String range = fields.first(RANGE).orElse("");
        int dash = range.indexOf('-');
        boolean single = ranges && range.regionMatches(true, 0, "bytes=", 0, 6) && range.indexOf(',') < 0 && dash > 6;
        if (!single || exchange.isSubrequest() || fields.contains("If-Range")) {
            return 0;
        }
        String digits = range.substring(6, dash).strip();
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }

    /// The answer of which `first` is the part that begins at `start`.
    private Answer whole(Exchange exchange, Reply first, long start) throws Failure {
        SlicePart part;
        try {
            part = SlicePart.of(first.head(), start, size);
        } catch (Failure failure) {
            first.body().close();
            throw failure;
        }
        Headers fields = first.head().headers()
                .without(name -> Headers.same(name, "Content-Range") || Headers.same(name, "Content-Length"))
                .replacing("Accept-Ranges", "bytes");
        return switch (requested(exchange, fields, part.length())) {
            case Ranges.Unsatisfiable() -> {
                first.body().close();
                yield new StatusOnly(Status.RANGE_NOT_SATISFIABLE, Headers.of("Content-Range", "bytes */" + part.length()));
            }
            case Ranges.Some(var some) when some.size() == 1 -> new Reply(new ResponseHead(Status.PARTIAL_CONTENT,
                    fields.without("Accept-Ranges").with("Content-Range", some.getFirst().of(part.length()))),
                    body(exchange, first, part, some.getFirst().first(), some.getFirst().count()));
            case Ranges.Some _, Ranges.Whole() ->
                new Reply(new ResponseHead(Status.OK, fields), body(exchange, first, part, 0, part.length()));
        };
    }

    private Ranges requested(Exchange exchange, Headers fields, long length) {
        List<String> requested = exchange.headers().all(RANGE);
        boolean applies = ranges && requested.size() == 1 && exchange.routing().method().equals(Method.GET)
                && !exchange.isSubrequest() && Conditions.of(exchange, fields).rangeHolds();
        return applies ? Ranges.parse(requested.getFirst(), length, 1) : new Ranges.Whole();
    }

    private Body body(Exchange exchange, Reply first, SlicePart part, long from, long count) {
        return new Body.Stream(new SliceSource(exchange, this, part, first.body(), from, count));
    }
}
