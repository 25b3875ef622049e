package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Conditions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Ranges;
import io.selvage.server.http.Ranges.Range;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/// Reduces a complete response with `Accept-Ranges: bytes` to the requested ranges (206).
///
/// The last of the filters: a range is one of the bytes that are sent, and `If-Range` is compared with the validators that are
/// sent. It looks at answers whose bytes are here, in memory or in a file, and at those of peers where the location asks for
/// it, of which it sends a single range. An error page is sent whole.
///
/// @param maxParts the most parts in one answer; 0 for no ranges (`max_ranges`)
/// @param boundary returns a new random string of 1 to 70 letters and digits, unlikely to occur in a file
public record RangeFilter(int maxParts, Supplier<String> boundary) implements ResponseFilter {
    static final String ACCEPT_RANGES = "Accept-Ranges";

    private static final String CONTENT_TYPE = "Content-Type";

    /// With random boundaries.
    public RangeFilter(int maxParts) {
        this(maxParts, () -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    /// True if a reply to GET or HEAD is complete and its bytes are in memory or in a file.
    static boolean isWhole(Exchange exchange, Reply reply) {
        Method method = exchange.routing().method();
        return (reply.head().status().code() == 200 || exchange.routing().pageStatus().isPresent())
                && (method.equals(Method.GET) || method.equals(Method.HEAD))
                && (reply.body() instanceof Body.Bytes || reply.body() instanceof Body.FilePart);
    }

    /// True if it is a peer's response that comes as a stream of known length, out of which a range may be cut.
    private static boolean isRangedStream(Exchange exchange, Reply reply) {
        return reply.body() instanceof Body.Stream(BodySource source) && exchange.upstream().areRangesForced()
                && reply.head().status().code() == 200 && source.length().isPresent();
    }

    @Override
    public String directive() {
        return "ranges";
    }

    @Override
    public String describe(Exchange exchange) {
        return maxParts == 0 ? "none are allowed" : "for answers from files and memory, unless forced";
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return exchange.headers().contains("Range") ? "not for this response" : "the request asks for no range";
    }

    @Override
    public Answer filter(Exchange exchange, Reply reply) {
        boolean ranged = exchange.headers().contains("Range");
        if (maxParts > 0 && !ranged && exchange.routing().pageStatus().isEmpty()
                || !isWhole(exchange, reply) && !isRangedStream(exchange, reply)) {
            return reply;
        }
        Headers fields = reply.head().headers();
        if (maxParts == 0 || exchange.routing().pageStatus().isPresent()) {
            return reply.withHeaders(fields.without(ACCEPT_RANGES));
        }
        return fields.first(ACCEPT_RANGES).equals(Optional.of("bytes")) ? ranges(exchange, reply) : reply;
    }

    private Answer ranges(Exchange exchange, Reply whole) {
        List<String> requested = exchange.headers().all("Range");
        if (requested.size() != 1 || !exchange.routing().method().equals(Method.GET)
                || !Conditions.of(exchange, whole.head().headers()).rangeHolds()) {
            return whole;
        }
        long size = whole.body().length().orElseThrow();
        return switch (Ranges.parse(requested.getFirst(), size, maxParts)) {
            case Ranges.Whole() -> whole;
            case Ranges.Unsatisfiable() -> {
                whole.body().close();
                yield new StatusOnly(Status.RANGE_NOT_SATISFIABLE, Headers.of("Content-Range", "bytes */" + size));
            }
            case Ranges.Some(var parts) when parts.size() == 1 -> single(whole, parts.getFirst(), size);
            case Ranges.Some(var parts) -> whole.body() instanceof Body.Stream ? whole : multiple(whole, parts, size);
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

    /// @param last true if this is the last part, which closes the file
    private static Body cut(Body whole, Range range, boolean last) {
        return switch (whole) {
            case Body.Bytes(ByteBuffer bytes, _) ->
                new Body.Bytes(bytes.slice(bytes.position() + (int) range.first(), (int) range.count()));
            case Body.FilePart(var file, long at, _, _, Runnable whenDone, _) ->
                new Body.FilePart(file, at + range.first(), range.count(), last ? whenDone : () -> { });
            case Body.Stream(BodySource source) -> new Body.Stream(new StreamRange(source, range.first(), range.count()));
            case Body.None _, Body.Parts _ -> throw new IllegalArgumentException("cannot be cut: " + whole);
        };
    }
}
