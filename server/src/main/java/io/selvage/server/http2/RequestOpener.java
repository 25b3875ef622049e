package io.selvage.server.http2;

import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.ClientConnection;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.ExpectField;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes requests of header blocks, and starts their threads. Guarded by the lock of the connection, whose thread calls it, but
/// for [#requests].
final class RequestOpener {
    /// The time for which the rest of an unwanted body may come before the stream is reset (RFC 9113 §8.1).
    private static final Duration UNWANTED_BODY = Duration.ofMillis(250);

    private final ClientConnection connection;
    private final ClientStreams streams;
    private final Supplier<EntryPoint> entryPoint;
    private final Clock clock;
    private @Nullable EntryPoint entry;                    // of the last request
    private RequestAssembler assembler;                    // with the rules of that
    private int requests;
    private boolean started;

    /// @param entryPoint what a request meets first; read once for each request
    RequestOpener(ClientConnection connection, ClientStreams streams, Supplier<EntryPoint> entryPoint, Clock clock) {
        this.connection = connection;
        this.streams = streams;
        this.entryPoint = entryPoint;
        this.clock = clock;
        EntryPoint first = entryPoint.get();
        this.entry = first;
        this.assembler = new RequestAssembler(first.options().head(), first.hosts());
    }

    /// Requests until now.
    int requests() {
        return requests;
    }

    /// True if a thread was started since the last call.
    boolean takeStarted() {
        boolean any = started;
        started = false;
        return any;
    }

    /// Opens a stream.
    ///
    /// @param stream new; it is among the streams afterwards
    void open(Http2Stream stream, HpackDecoder decoder, ByteBuffer block, boolean endStream) throws Http2Error {
        EntryPoint current = entryPoint.get();
        if (current != entry) {
            entry = current;
            assembler = new RequestAssembler(current.options().head(), current.hosts());
        }
        int size = block.remaining();
        assembler.begin();
        boolean complete = decoder.decode(block, assembler);
        AssembledRequest request = assembler.finish(complete, endStream, size);
        streams.add(stream);
        requests++;
        if (endStream) {
            stream.endRemote(Headers.EMPTY);
        }
        switch (request) {
            case AssembledRequest.Valid valid -> valid(stream, current, valid, endStream);
            case AssembledRequest.Malformed(String reason, RequestHead soFar) -> {
                streams.malformed(stream);
                start(stream, current, soFar, Optional.of(new Refusal(Status.BAD_REQUEST, reason)), 0, false);
            }
            case AssembledRequest.Refused(Refusal why, RequestHead soFar) ->
                start(stream, current, soFar, Optional.of(why), 0, false);
        }
    }

    private void valid(Http2Stream stream, EntryPoint current, AssembledRequest.Valid valid, boolean endStream) {
        RequestHead head = valid.head();
        streams.prioritise(stream, StreamPriority.of(head.headers()));
        if (!valid.protocol().isEmpty()) {
            start(stream, current, WebSocketRequest.of(head, valid.protocol()), Optional.empty(), 0, true);
            return;
        }
        if (!endStream && valid.contentLength() >= 0) {
            stream.declares(valid.contentLength());
        }
        start(stream, current, head, ExpectField.refusal(head.headers()), endStream ? 0 : valid.contentLength(), false);
    }

    private void start(Http2Stream stream, EntryPoint current, RequestHead head, Optional<Refusal> refusal, long length,
            boolean tunnels) {
        ClientOptions options = current.options();
        var client = new Http2Client(connection, stream, streams.lock(), streams.output(), requests, options);
        var input = new StreamInput(stream, streams.lock(), streams::widen, clock, options.http2());
        var body = new StreamBody(stream, input, client, clock, options, length, ExpectField.isIn(head.headers()));
        var sender = new StreamSender(stream, input, streams.output(), client, clock,
                code -> streams.resetUnlessClosed(stream, code), tunnels);
        var exchange = new StreamExchange(stream, current, head, refusal, body, client, sender);
        long startedNanos = clock.nanos();
        long startedMillis = clock.millis();
        started = true;
        ThreadRegistry.start(connection, () -> {
            boolean answered = false;
            try {
                answered = exchange.run(startedNanos, startedMillis);
                if (answered) {
                    input.discard(UNWANTED_BODY);
                }
            } finally {
                streams.end(stream, answered, sender);
            }
        });
    }
}
