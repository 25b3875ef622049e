package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The body that goes to a peer, in one of three ways: from memory, from a file, or as it comes from the client.
interface Upload extends AutoCloseable {

    /// How its end is told.
    Framing framing();

    /// Sends the head and this behind it.
    ///
    /// @return how far it is: part of it may still be under way on another thread
    Sending send(Http1Call call, ByteBuffer head) throws Failure;

    /// Whether it can be sent, from its first byte, to another peer.
    boolean isRepeatable();

    @Override
    default void close() {
    }

    /// What will go to the peer. Waits for the client's body where that is to be held.
    ///
    /// @param needsLength whether the protocol can only tell a length, which a client that sends chunks does not say
    static Upload of(Exchange exchange, UploadRules rules, boolean needsLength) throws Failure {
        return switch (rules.content()) {
            case UploadRules.Content.Omitted() -> HeldBody.NONE;
            case UploadRules.Content.Written(var text) -> {
                Upload original = passed(exchange, rules, true);       // which the text may quote
                exchange.whenDone(_ -> original.close());
                yield new HeldBody.InMemory(ByteBuffer.wrap(text.apply(exchange).getBytes(StandardCharsets.ISO_8859_1)));
            }
            case UploadRules.Content.Passed() -> {
                boolean held = rules.held() || needsLength && exchange.body().isChunked();
                yield passed(exchange, rules, held);
            }
        };
    }

    private static Upload passed(Exchange exchange, UploadRules rules, boolean held) throws Failure {
        RequestBody body = exchange.body();
        if (body instanceof ReceivedBody received) {
            return received.held();
        }
        if (body.isEmpty()) {
            return exchange.headers().contains("Content-Length") ? HeldBody.EMPTY : HeldBody.NONE;
        }
        if (body.taken() > 0) {
            throw Failure.here(Failure.What.REFUSED, "the request's body has gone to other peers already, as it came");
        }
        if (!held) {
            return new StreamedBody(exchange, rules.inMemory());
        }
        HeldBody received = HeldBody.receive(body, rules.inMemory(), rules.folder());
        exchange.body(new ReceivedBody(received));
        return received;
    }
}
