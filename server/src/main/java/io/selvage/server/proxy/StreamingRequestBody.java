package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;

/// The body of a request, sent to the peer as it comes from the client (`proxy_request_buffering off`).
///
/// A peer that responds before the end gets no more of it. The client gets that response, and its connection is closed. A body
/// that fits into the buffer is kept when all of it was sent: `$request_body` has it, and so has an error page's location. It is
/// not sent to another peer in this location.
final class StreamingRequestBody implements RequestBodySource {
    private final Exchange exchange;
    private final int bufferSize;
    private final Framing framing;
    private boolean started;                               // bytes of the body may have been sent

    StreamingRequestBody(Exchange exchange, int bufferSize) {
        this.exchange = exchange;
        this.bufferSize = bufferSize;
        var length = exchange.body().length();
        this.framing = length.isPresent() ? new Framing.Length(length.getAsLong()) : Framing.CHUNKED;
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public boolean isRepeatable() {
        return !started && exchange.body().taken() == 0;
    }

    @Override
    public RequestTransfer send(UpstreamCall call) throws Failure {
        RequestBody body = exchange.body();
        ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
        sendHead(call, body, buffer);
        int sent = buffer.position();
        boolean whole = buffer.hasRemaining();             // the buffer has the body from its first byte on
        if (!whole) {
            buffer.clear();
            sent = 0;
        }
        while (body.read(buffer) >= 0) {
            if (call.hasResponseNow()) {
                exchange.outcome().closeAfter();
                return RequestTransfer.DONE;
            }
            started = true;
            call.sendBody(buffer.slice(sent, buffer.position() - sent));
            sent = buffer.position();
            if (!buffer.hasRemaining()) {
                buffer.clear();
                sent = 0;
                whole = false;
            }
        }
        call.endBody();
        if (whole) {
            exchange.body(new ReplayableRequestBody(new BufferedRequestBody.InMemory(buffer.flip()), body.received()));
        }
        return RequestTransfer.DONE;
    }

    /// Sends the head in one write with what has come of a body of known length.
    private void sendHead(UpstreamCall call, RequestBody body, ByteBuffer buffer) throws Failure {
        if (framing instanceof Framing.Length && body.hasMoreNow() && body.read(buffer) > 0) {
            started = true;
            call.sendHead(buffer.slice(0, buffer.position()));
        } else {
            call.sendHead(UpstreamCall.NO_BYTES);
        }
    }
}
