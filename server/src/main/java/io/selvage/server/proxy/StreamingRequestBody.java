package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
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
    public RequestTransfer send(UpstreamCall call) throws Failure {
        call.sendHead(UpstreamCall.NO_BYTES);
        RequestBody body = exchange.body();
        ByteBuffer piece = ByteBuffer.allocate(pieceSize);
        while (body.read(piece) >= 0) {
            if (call.hasResponseNow()) {
                exchange.outcome().closeAfter();
                return RequestTransfer.DONE;
            }
            call.sendBody(piece.flip());
            piece.clear();
        }
        call.endBody();
        return RequestTransfer.DONE;
    }
}
