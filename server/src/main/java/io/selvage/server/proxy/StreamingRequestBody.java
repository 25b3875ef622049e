package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;
import java.nio.ByteBuffer;

/// The body of a request that goes to the peer piece by piece as the client sends it (`proxy_request_buffering off`).
///
/// A peer that answers before the end gets no more of it: the answer counts, and the client's connection ends with it.
final class StreamingRequestBody implements RequestBodySource {
    private final Exchange exchange;
    private final int pieceSize;

    StreamingRequestBody(Exchange exchange, int pieceSize) {
        this.exchange = exchange;
        this.pieceSize = pieceSize;
    }

    @Override
    public Framing framing() {
        var length = exchange.body().length();
        return length.isPresent() ? new Framing.Length(length.getAsLong()) : Framing.CHUNKED;
    }

    @Override
    public boolean isRepeatable() {
        return exchange.body().taken() == 0;
    }

    @Override
    public Sending send(Http1Call call, ByteBuffer head) throws Failure {
        call.sendHead(head);
        boolean chunked = framing() instanceof Framing.Chunked;
        RequestBody body = exchange.body();
        ByteBuffer piece = ByteBuffer.allocate(pieceSize);
        while (body.read(piece) >= 0) {
            if (call.hasAnswerNow()) {
                exchange.closeAfter();
                return Sending.OVER;
            }
            send(call, piece.flip(), chunked);
            piece.clear();
        }
        if (chunked) {
            call.endBody(Headers.EMPTY);
        } else {
            call.endBody();
        }
        return Sending.OVER;
    }

    private static void send(Http1Call call, ByteBuffer piece, boolean chunked) throws Failure {
        if (chunked) {
            call.sendChunk(piece);
        } else {
            call.sendBody(piece);
        }
    }
}
