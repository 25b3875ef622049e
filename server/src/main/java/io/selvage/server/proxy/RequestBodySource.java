package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.Version;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The body that a peer gets with a request: from memory, from a file, or as it comes from the client.
interface RequestBodySource extends AutoCloseable {

    /// How the end of the body is marked: a length, chunks, or no body.
    Framing framing();

    /// Sends the request: its head, and this body behind it. May leave a part to another thread.
    RequestTransfer send(UpstreamCall call) throws Failure;

    /// True if the body can be sent from its first byte, again if it was sent before.
    boolean isRepeatable();

    @Override
    default void close() {
    }

    /// The body for the peers. Waits for the client's body where that is buffered.
    ///
    /// @param protocol of the peer: it may need a length, which a client that sends chunks does not give
    /// @throws Failure where the client's body cannot be received, or was passed to other peers already
    static RequestBodySource of(Exchange exchange, RequestBodyOptions options, UpstreamProtocol protocol) throws Failure {
        return switch (options.content()) {
            case RequestBodyOptions.Content.Omitted() -> {
                if (options.folder().kept() != TempFolder.Kept.NEVER) {
                    RequestBodySource original = passed(exchange, options, true, false);
                    exchange.whenDone(_ -> original.close());
                }
                yield BufferedRequestBody.NONE;
            }
            case RequestBodyOptions.Content.Written(var text) -> {
                RequestBodySource original = passed(exchange, options, true, false);     // the text may contain $request_body
                exchange.whenDone(_ -> original.close());
                yield new BufferedRequestBody.InMemory(
                        ByteBuffer.wrap(text.apply(exchange).getBytes(StandardCharsets.ISO_8859_1)));
            }
            case RequestBodyOptions.Content.Passed() -> {
                boolean buffered = options.buffered() || protocol.needsLength() && exchange.body().isChunked();
                boolean duplex = protocol.isDuplex() && exchange.request().version() == Version.HTTP_2;
                yield passed(exchange, options, buffered, duplex);
            }
        };
    }

    /// The framing that the body would have, without a byte of it. Of a body in chunks that is received first, the length is not
    /// known; it counts as empty.
    static Framing announced(Exchange exchange, RequestBodyOptions options, UpstreamProtocol protocol) throws Failure {
        return switch (options.content()) {
            case RequestBodyOptions.Content.Omitted() -> Framing.NONE;
            case RequestBodyOptions.Content.Written(var text) -> new Framing.Length(text.apply(exchange).length());
            case RequestBodyOptions.Content.Passed() -> exchange.body().isChunked()
                    && (options.buffered() || protocol.needsLength())
                    ? new Framing.Length(0) : passed(exchange, options, false, false).framing();
        };
    }

    private static RequestBodySource passed(Exchange exchange, RequestBodyOptions options, boolean buffered, boolean duplex)
            throws Failure {
        RequestBody body = exchange.body();
        if (body instanceof ReplayableRequestBody received) {
            return received.buffered();
        }
        if (body.isEmpty()) {
            return exchange.headers().contains("Content-Length") ? BufferedRequestBody.EMPTY : BufferedRequestBody.NONE;
        }
        if (body.taken() > 0) {
            return ofTaken(exchange);
        }
        if (!buffered) {
            return duplex ? new DuplexRequestBody(exchange, options.inMemory())
                    : new StreamingRequestBody(exchange, options.inMemory());
        }
        return ReplayableRequestBody.receive(exchange, options.inMemory(), options.folder()).buffered();
    }

    /// Instead of a body that other peers got. The request for an error page needs none; any other one would be incomplete.
    private static RequestBodySource ofTaken(Exchange exchange) throws Failure {
        if (!exchange.routing().isOfPage()) {
            throw Failure.here(Failure.What.REFUSED, "the request's body was streamed to other peers already");
        }
        return BufferedRequestBody.NONE;
    }
}
