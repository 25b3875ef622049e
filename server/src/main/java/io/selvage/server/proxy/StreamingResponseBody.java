package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// The body of a peer's response on its way to the client, read from the peer only as the client takes it
/// (`proxy_buffering off`). Its trailers are dropped unless they are to be passed on (`proxy_pass_trailers`).
///
/// It ends the attempt when the body has ended or failed, or when it is closed.
final class StreamingResponseBody implements BodySource {
    private final UpstreamRequest request;
    private final UpstreamAttempt attempt;
    private final UpstreamCall call;
    private final BodySource body;

    /// @param attempt was answered
    StreamingResponseBody(UpstreamRequest request, UpstreamAttempt attempt) {
        this.request = request;
        this.attempt = attempt;
        this.call = attempt.call();
        this.body = attempt.body();
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return read(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return read(into, false);
    }

    private int read(ByteBuffer into, boolean mayWait) throws Failure {
        try {
            int count = body.readNow(into);
            if (count == 0 && mayWait) {
                count = ClientDisconnectWatch.during(request, call::abort, () -> body.read(into));
            }
            if (count < 0) {
                attempt.end(UpstreamAttempt.FINISHED);
            }
            return count;
        } catch (Failure failure) {
            throw attempt.endBroken(failure);
        }
    }

    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public boolean hasMoreNow() {
        return body.hasMoreNow();
    }

    @Override
    public Headers trailers() {
        return request.options().delivery().trailers() ? request.options().presentation().pass(body.trailers()) : Headers.EMPTY;
    }

    /// True if all of it has come and was read, as far as that can be seen without waiting.
    boolean isComplete() {
        return call.isComplete();
    }

    @Override
    public void close() {
        attempt.end(UpstreamAttempt.FINISHED);
    }
}
