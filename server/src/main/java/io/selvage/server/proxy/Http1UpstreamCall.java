package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.net.Connection;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A call over HTTP/1 on a connection of its own, which may be kept for the next call.
class Http1UpstreamCall implements UpstreamCall {
    private final UpstreamRequest request;
    private final PeerConnection peer;
    private final boolean keepsConnection;
    private final Http1Call call;

    /// @param keepsConnection false for a connection that carries one call, whatever the response says
    Http1UpstreamCall(UpstreamRequest request, PeerConnection peer, boolean keepsConnection) {
        this(request, peer, keepsConnection, newCall(request, peer));
    }

    /// @param call nothing was sent on it yet
    Http1UpstreamCall(UpstreamRequest request, PeerConnection peer, boolean keepsConnection, Http1Call call) {
        this.request = request;
        this.peer = peer;
        this.keepsConnection = keepsConnection;
        this.call = call;
        call.allowUpgrade(request.head().upgrade());
    }

    static Http1Call newCall(UpstreamRequest request, PeerConnection peer) {
        ProxyOptions options = request.options();
        return new Http1Call(peer, options.timeouts().send(), options.timeouts().read(), options.bufferSizes().head());
    }

    /// The call in terms of HTTP/1, on the connection of this call.
    final Http1Call http1() {
        return call;
    }

    @Override
    public void sendHead(ByteBuffer body) throws Failure {
        ByteBuffer head = request.head().bytes().rewind();
        if (body.hasRemaining()) {
            call.sendHead(head, body);
        } else {
            call.sendHead(head);
        }
    }

    @Override
    public void sendBody(ByteBuffer bytes) throws Failure {
        if (isChunked()) {
            call.sendChunk(bytes);
        } else {
            call.sendBody(bytes);
        }
    }

    @Override
    public void endBody() throws Failure {
        if (isChunked()) {
            call.endBody(Headers.EMPTY);
        } else {
            call.endBody();
        }
    }

    private boolean isChunked() {
        return request.body().framing() instanceof Framing.Chunked;
    }

    @Override
    public boolean hasResponseNow() {
        return call.hasResponseNow();
    }

    @Override
    public ResponseHead awaitHead() throws Failure {
        return call.awaitHead(request.method());
    }

    @Override
    public void awaitBody() throws Failure {
        call.awaitBody();
    }

    @Override
    public BodySource body() {
        return call.body();
    }

    @Override
    public boolean isComplete() {
        return call.body().hasMoreNow() && call.bodyEnded();
    }

    @Override
    public Connection upgraded() {
        return call.upgraded();
    }

    @Override
    public long bytesSent() {
        return call.bytesSent();
    }

    @Override
    public long bytesReceived() {
        return call.bytesReceived();
    }

    @Override
    public long bodyReceived() {
        return call.bodyReceived();
    }

    @Override
    public void abort() {
        peer.connection().abort();
    }

    @Override
    public void release() {
        if (keepsConnection && call.reusable()) {
            request.target().group().giveBack(peer);
        } else if (!call.bodyEnded() || mayReset()) {
            reset();
        } else {
            peer.close();
        }
    }

    /// True if the connection can be reset rather than closed, so that no socket stays behind in TIME_WAIT: it carries one call,
    /// the request had no body, the response is here, no network is in between, and no end of TLS is to be sent. See
    /// server/decisions/0020.
    private boolean mayReset() {
        return !keepsConnection && request.target().identity().isEmpty() && call.bytesSent() == request.head().bytes().limit()
                && peer.connection().remote() instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
    }

    /// A peer that still reads the request finds the end of the connection behind what was sent of it; one that has started to
    /// respond is to stop.
    @Override
    public void discard() {
        if (call.bytesReceived() > 0) {
            reset();
        } else {
            peer.close();
        }
    }

    private void reset() {
        abort();
        peer.close();
    }
}
