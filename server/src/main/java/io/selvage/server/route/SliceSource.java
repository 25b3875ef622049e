package io.selvage.server.route;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.observe.Severity;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Bytes of a resource whose parts are fetched when they are read.
final class SliceSource implements BodySource {
    private static final int SKIPPED_AT_ONCE = 8192;

    private final Exchange exchange;
    private final SliceHandler handler;
    private final SlicePart first;
    private final long count;
    private final long end;
    private SlicePart part;                                // the current one
    private @Nullable BodySource source;                   // of the current part; null where another one comes next
    private @Nullable Exchange fetching;                   // of the current part, but for the first
    private long position;                                 // of the next byte of the source
    private long next;                                     // position of the next byte that is wanted

    /// @param part the first one that was fetched, and its body
    /// @param from the position of the first byte that is wanted
    /// @param count the number of bytes
    SliceSource(Exchange exchange, SliceHandler handler, SlicePart part, Body body, long from, long count) {
        this.exchange = exchange;
        this.handler = handler;
        this.first = part;
        this.part = part;
        this.source = BodyReader.of(body);
        this.position = part.start();
        this.next = from;
        this.count = count;
        this.end = from + count;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        if (next == end) {
            return -1;
        }
        try {
            BodySource from = current();
            skip(from);
            int most = (int) Math.min(into.remaining(), Math.min(end, part.end()) - next);
            ByteBuffer room = into.slice(into.position(), most);
            int bytes = from.read(room);
            if (bytes < 0) {
                throw Failure.upstream(Failure.What.CLOSED, false, "a slice response is too short");
            }
            into.position(into.position() + bytes);
            advance(bytes);
            return bytes;
        } catch (Failure failure) {
            if (failure.where() == Failure.Where.UPSTREAM && !failure.isLogged()) {
                handler.errors().log(Severity.ERROR, exchange, failure.detail());
                throw failure.asLogged();
            }
            throw failure;
        }
    }

    private void advance(int bytes) {
        position += bytes;
        next += bytes;
    }

    /// The body of the part in which the next byte lies.
    private BodySource current() throws Failure {
        BodySource known = source;
        if (known != null && next >= part.start() && next < part.end()) {
            return known;
        }
        closePart(next >= part.end());
        return fetch(next / handler.size() * handler.size());
    }

    private BodySource fetch(long start) throws Failure {
        Exchange child = exchange.again();
        fetching = child;
        SliceRange.of(child).begin(start, handler.size());
        Answer answer = handler.next().handle(child);
        ResponseHead head = switch (answer) {
            case Reply reply -> reply.head();
            case Answer.StatusOnly(Status status, Headers fields) -> new ResponseHead(status, fields);
            case Answer.Upgraded _, Answer.CloseSilently _, Answer.InternalRedirect _, Answer.NamedLocation _ ->
                new ResponseHead(Status.BAD_GATEWAY, Headers.EMPTY);
        };
        BodySource fetched = BodyReader.of(answer instanceof Reply reply ? reply.body() : Body.NONE);
        source = fetched;
        child.outcome().head(head);
        SlicePart found = SlicePart.of(head, start, handler.size());
        first.check(found);
        part = found;
        position = start;
        return fetched;
    }

    private void skip(BodySource from) throws Failure {
        if (position == next) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(SKIPPED_AT_ONCE, next - position));
        while (position < next) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), next - position));
            int skipped = from.read(buffer);
            if (skipped < 0) {
                throw Failure.upstream(Failure.What.CLOSED, false, "a slice response is too short");
            }
            position += skipped;
        }
    }

    private void closePart(boolean complete) {
        if (source != null) {
            source.close();
            source = null;
        }
        Exchange child = fetching;
        if (child != null) {
            fetching = null;
            ResponseHead head = child.outcome().head().orElse(new ResponseHead(Status.BAD_GATEWAY, Headers.EMPTY));
            long bytes = position - part.start();
            Subrequest.end(child, new Sent(head, bytes, bytes, complete));
        }
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(count);
    }

    @Override
    public boolean hasMoreNow() {
        return next == end || source != null && next >= position && next < part.end() && source.hasMoreNow();
    }

    @Override
    public void close() {
        closePart(next == end);
    }
}
