package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Framing;
import io.selvage.server.http2.PeerStream;
import io.selvage.server.net.Connection;
import java.nio.ByteBuffer;

/// A call over HTTP/2: one stream of a shared connection.
final class Http2UpstreamCall implements UpstreamCall {
    private final UpstreamRequest request;
    private final PeerStream stream;
    private long left;                                     // bytes of a body of known length, -1 for others; the sender's
    private boolean ended;                                 // the end of the request was sent; the sender's

    Http2UpstreamCall(UpstreamRequest request, PeerStream stream) {
        this.request = request;
        this.stream = stream;
        this.left = switch (request.body().framing()) {
            case Framing.Length(long bytes) -> bytes;
            case Framing.None() -> 0;
            case Framing.Chunked(), Framing.UntilClose(), Framing.Refused _ -> -1;
        };
    }

    @Override
    public void sendHead(ByteBuffer body) throws Failure {
        stream.request().sendHead(request.head().bytes().duplicate(), body, isLast(body));
    }

    @Override
    public void sendBody(ByteBuffer bytes) throws Failure {
        stream.request().send(bytes, isLast(bytes));
    }

    /// True if the request ends with these bytes: its length is known.
    private boolean isLast(ByteBuffer bytes) {
        left -= left < 0 ? 0 : bytes.remaining();
        ended = left == 0;
        return ended;
    }

    @Override
    public void sendWhole(ByteBuffer body) throws Failure {
        ended = true;
        stream.request().sendHead(request.head().bytes().duplicate(), body, true);
    }

    @Override
    public void sendLast(ByteBuffer bytes) throws Failure {
        ended = true;
        stream.request().send(bytes, true);
    }

    @Override
    public void endBody() throws Failure {
        if (!ended) {
            ended = true;
            stream.request().send(NO_BYTES, true);
        }
    }

    @Override
    public void endBody(Headers trailers) throws Failure {
        if (ended || trailers.size() == 0) {
            endBody();
        } else {
            ended = true;
            stream.request().sendTrailers(Http2Protocol.block(trailers));
        }
    }

    @Override
    public boolean hasResponseNow() {
        return stream.response().hasFinalHeadNow();
    }

    @Override
    public ResponseHead awaitHead() throws Failure {
        return stream.response().awaitHead();
    }

    @Override
    public void awaitBody() throws Failure {
        stream.response().awaitBody();
    }

    @Override
    public BodySource body() {
        return stream.response();
    }

    @Override
    public boolean isComplete() {
        return stream.response().isComplete();
    }

    /// There is no change of protocol in HTTP/2 (RFC 9113 §8.6).
    @Override
    public Connection upgraded() {
        throw new IllegalStateException("a stream of HTTP/2");
    }

    @Override
    public long bytesSent() {
        return stream.request().bytesSent();
    }

    @Override
    public long bytesReceived() {
        return stream.bytesReceived();
    }

    @Override
    public long bodyReceived() {
        return stream.response().bodyReceived();
    }

    @Override
    public void abort() {
        stream.abort();
    }

    @Override
    public void release() {
        stream.end();
    }

    @Override
    public void discard() {
        stream.end();
    }
}
