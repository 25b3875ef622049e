package io.selvage.server.http;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Conditions.Since;
import io.selvage.server.http.Ranges.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/// Sends of a complete answer what the client lacks: nothing (304), parts (206), or all of it.
///
/// It looks at 200 answers to GET and HEAD whose bytes lie in memory or in a file; what streams from a peer is the peer's affair.
/// Conditions are judged by the `ETag` and `Last-Modified` of the answer, ranges are cut where it says `Accept-Ranges: bytes`.
/// An error page always goes out whole: the request was not for it.
///
/// @param next makes the complete answer
/// @param since how `If-Modified-Since` is read (`if_modified_since`)
/// @param maxParts the most parts in one answer; 0 for no ranges (`max_ranges`)
/// @param boundary gives a string of 1 to 70 letters and digits that is unlikely to stand in a file, another each time
public record Conditional(Handler next, Since since, int maxParts, Supplier<String> boundary) implements Handler {
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String ACCEPT_RANGES = "Accept-Ranges";

    /// With boundaries of chance.
    public Conditional(Handler next, Since since, int maxParts) {
        this(next, since, maxParts, () -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Answer answer = next.handle(exchange);
        if (!(answer instanceof Reply reply) || !isSelected(exchange, reply)) {
            return answer;
        }
        boolean errorPage = exchange.routing().pageStatus().isPresent();
        return errorPage ? reply.withHeaders(reply.head().headers().without(ACCEPT_RANGES)) : select(exchange, reply);
    }

    private static boolean isSelected(Exchange exchange, Reply reply) {
        return reply.head().status().code() == 200
                && (exchange.routing().method().equals(Method.GET) || exchange.routing().method().equals(Method.HEAD))
                && (reply.body() instanceof Body.Bytes || reply.body() instanceof Body.FilePart);
    }

    private Answer select(Exchange exchange, Reply whole) {
        if (maxParts > 0 && !asksForLess(exchange.headers())) {
            return whole;
        }
        Headers fields = whole.head().headers();
        var conditions = new Conditions(exchange.headers(), fields.first("ETag").orElse(""),
                fields.first("Last-Modified").orElse(""), exchange.startedMillis() / 1000);
        return switch (conditions.verdict(since)) {
            case SEND -> ranges(exchange, whole, conditions);
            case NOT_MODIFIED -> {
                whole.body().close();
                Headers kept = fields.without(CONTENT_TYPE).without(ACCEPT_RANGES);
                yield new Reply(new ResponseHead(Status.NOT_MODIFIED, kept), Body.NONE);
            }
            case FAILED -> {
                whole.body().close();
                yield new StatusOnly(Status.PRECONDITION_FAILED);
            }
        };
    }

    private static boolean asksForLess(Headers request) {
        for (int i = 0; i < request.size(); i++) {
            String name = request.name(i);
            if (name.regionMatches(true, 0, "If-", 0, 3) || Headers.same(name, "Range")) {
                return true;
            }
        }
        return false;
    }

    private Answer ranges(Exchange exchange, Reply whole, Conditions conditions) {
        Headers fields = whole.head().headers();
        if (!fields.first(ACCEPT_RANGES).equals(Optional.of("bytes"))) {
            return whole;
        }
        if (maxParts == 0) {
            return whole.withHeaders(fields.without(ACCEPT_RANGES));
        }
        List<String> asked = exchange.headers().all("Range");
        if (asked.size() != 1 || !exchange.routing().method().equals(Method.GET) || !conditions.rangeHolds()) {
            return whole;
        }
        long size = whole.body().length().orElseThrow();
        return switch (Ranges.parse(asked.getFirst(), size, maxParts)) {
            case Ranges.Whole() -> whole;
            case Ranges.Unsatisfiable() -> {
                whole.body().close();
                yield new StatusOnly(Status.RANGE_NOT_SATISFIABLE, Headers.of("Content-Range", "bytes */" + size));
            }
            case Ranges.Some(var parts) when parts.size() == 1 -> single(whole, parts.getFirst(), size);
            case Ranges.Some(var parts) -> multiple(whole, parts, size);
        };
    }

    private static Reply single(Reply whole, Range range, long size) {
        Headers fields = whole.head().headers().without(ACCEPT_RANGES).with("Content-Range", range.of(size));
        return new Reply(new ResponseHead(Status.PARTIAL_CONTENT, fields), cut(whole.body(), range, true));
    }

    /// `multipart/byteranges` (RFC 9110 §14.6).
    private Reply multiple(Reply whole, List<Range> ranges, long size) {
        Headers fields = whole.head().headers();
        String line = boundary.get();
        String type = fields.first(CONTENT_TYPE).map(value -> CONTENT_TYPE + ": " + value + "\r\n").orElse("");
        List<Body> parts = new ArrayList<>(2 * ranges.size() + 1);
        for (Range range : ranges) {
            String before = parts.isEmpty() ? "--" : "\r\n--";
            parts.add(Body.text(before + line + "\r\n" + type + "Content-Range: " + range.of(size) + "\r\n\r\n"));
            parts.add(cut(whole.body(), range, range == ranges.getLast()));
        }
        parts.add(Body.text("\r\n--" + line + "--\r\n"));
        Headers multipart = fields.without(ACCEPT_RANGES).replacing(CONTENT_TYPE, "multipart/byteranges; boundary=" + line);
        return new Reply(new ResponseHead(Status.PARTIAL_CONTENT, multipart), new Body.Parts(parts));
    }

    /// @param last whether this part gives the file back, since no other comes after it
    private static Body cut(Body whole, Range range, boolean last) {
        return switch (whole) {
            case Body.Bytes(ByteBuffer bytes) ->
                new Body.Bytes(bytes.slice(bytes.position() + (int) range.first(), (int) range.count()));
            case Body.FilePart(var file, long at, _, _, Runnable whenDone) ->
                new Body.FilePart(file, at + range.first(), range.count(), last ? whenDone : () -> { });
            case Body.None _, Body.Parts _, Body.Stream _ -> throw new IllegalArgumentException("cannot be cut: " + whole);
        };
    }
}
