package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The body of a request that is sent as it comes while the response comes too, between a client and a peer that both speak
/// HTTP/2. Neither waits for the other to end, as calls of gRPC that stream need it. The trailer section of the client goes with
/// it.
///
/// A thread of its own sends it. It ends with the body, or where the client's or the peer's stream ends.
final class DuplexRequestBody implements RequestBodySource {
    private final Exchange exchange;
    private final int bufferSize;
    private final Framing framing;
    private final AtomicBoolean started = new AtomicBoolean();
    private @Nullable ByteBuffer whole;                    // a body that came at once

    DuplexRequestBody(Exchange exchange, int bufferSize) {
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
        return !started.get() || whole != null;
    }

    /// What has come of the body goes with the head. Where that is all of it, no thread is needed, and another peer can get it.
    @Override
    public RequestTransfer send(UpstreamCall call) throws Failure {
        RequestBody body = exchange.body();
        ByteBuffer known = whole;
        if (known != null) {
            sendWhole(known.duplicate(), body.trailers(), call);
            return RequestTransfer.DONE;
        }
        ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
        boolean ended = more(body, buffer) < 0;
        started.set(buffer.position() > 0 || ended);
        if (ended) {
            whole = buffer.flip();
            return send(call);
        }
        call.sendHead(buffer.flip());
        return RequestTransfer.inBackground(() -> sendRest(body, buffer, call));
    }

    private static void sendWhole(ByteBuffer bytes, Headers trailers, UpstreamCall call) throws Failure {
        if (trailers.size() == 0) {
            call.sendWhole(bytes);
        } else {
            call.sendHead(bytes);
            call.endBody(trailers);
        }
    }

    private void sendRest(RequestBody body, ByteBuffer buffer, UpstreamCall call) throws Failure {
        try {
            int count = body.read(buffer.clear());
            while (count >= 0) {
                started.set(true);
                count = more(body, buffer);
                if (count < 0 && body.trailers().size() == 0) {
                    call.sendLast(buffer.flip());
                    return;
                }
                call.sendBody(buffer.flip());
                count = count < 0 ? count : body.read(buffer.clear());
            }
            call.endBody(body.trailers());
        } catch (Failure failure) {
            if (failure.where() == Failure.Where.DOWNSTREAM) {
                call.abort();                              // the peer is not to wait for the rest
            }
            throw failure;
        }
    }

    /// Adds what has come since the last call.
    ///
    /// @return -1 if that is the end of the body
    private static int more(RequestBody body, ByteBuffer buffer) throws Failure {
        int count = 0;
        while (count >= 0 && buffer.hasRemaining() && body.hasMoreNow()) {
            count = body.read(buffer);
        }
        return count;
    }
}
