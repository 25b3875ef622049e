package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The body that goes to a peer, in one of three ways: from memory, from a file, or as it comes from the client.
interface RequestBodySource extends AutoCloseable {

    /// How its end is told.
    Framing framing();

    /// Sends the request: its head, and this behind it. May leave a part to another thread.
    RequestTransfer send(UpstreamCall call) throws Failure;

    /// Whether it can be sent, from its first byte, to another peer.
    boolean isRepeatable();

    @Override
    default void close() {
    }

    /// What will go to the peer. Waits for the client's body where that is to be held.
    ///
    /// @param needsLength whether the protocol can only tell a length, which a client that sends chunks does not say
    static RequestBodySource of(Exchange exchange, RequestBodyOptions rules, boolean needsLength) throws Failure {
        return switch (rules.content()) {
            case RequestBodyOptions.Content.Omitted() -> BufferedRequestBody.NONE;
            case RequestBodyOptions.Content.Written(var text) -> {
                RequestBodySource original = passed(exchange, rules, true);       // which the text may quote
                exchange.whenDone(_ -> original.close());
                yield new BufferedRequestBody.InMemory(
                        ByteBuffer.wrap(text.apply(exchange).getBytes(StandardCharsets.ISO_8859_1)));
            }
            case RequestBodyOptions.Content.Passed() -> {
                boolean held = rules.held() || needsLength && exchange.body().isChunked();
                yield passed(exchange, rules, held);
            }
        };
    }

    private static RequestBodySource passed(Exchange exchange, RequestBodyOptions rules, boolean held) throws Failure {
        RequestBody body = exchange.body();
        if (body instanceof ReplayableRequestBody received) {
            return received.held();
        }
        if (body.isEmpty()) {
            return exchange.headers().contains("Content-Length") ? BufferedRequestBody.EMPTY : BufferedRequestBody.NONE;
        }
        if (body.taken() > 0) {
            throw Failure.here(Failure.What.REFUSED, "the request's body has gone to other peers already, as it came");
        }
        if (!held) {
            return new StreamingRequestBody(exchange, rules.inMemory());
        }
        BufferedRequestBody received = BufferedRequestBody.receive(body, rules.inMemory(), rules.folder());
        exchange.body(new ReplayableRequestBody(received));
        return received;
    }
}
