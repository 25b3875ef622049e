package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;

/// The body of a request, sent to the peer as it comes from the client (`proxy_request_buffering off`).
///
/// A peer that responds before the end gets no more of it. The client gets that response, and its connection is closed.
final class StreamingRequestBody implements RequestBodySource {
    private final Exchange exchange;
    private final int bufferSize;

    StreamingRequestBody(Exchange exchange, int bufferSize) {
        this.exchange = exchange;
        this.bufferSize = bufferSize;
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
        ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
        while (body.read(buffer) >= 0) {
            if (call.hasResponseNow()) {
                exchange.outcome().closeAfter();
                return RequestTransfer.DONE;
            }
            call.sendBody(buffer.flip());
            buffer.clear();
        }
        call.endBody();
        return RequestTransfer.DONE;
    }
}
