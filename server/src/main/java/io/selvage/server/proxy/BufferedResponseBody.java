package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a peer's response, read from the peer as fast as it comes: a slow client does not hold the peer
/// (`proxy_buffering`).
///
/// As long as the client takes what it is sent, one thread reads from the peer and writes to the client. From the moment when it
/// would wait for the client, a [ResponseBuffering] reads the rest.
final class BufferedResponseBody implements BodySource {
    private final UpstreamRequest request;
    private final UpstreamAttempt attempt;
    private final StreamingResponseBody direct;
    private boolean ended;                                 // the body was read directly to its end or to a failure
    private @Nullable ResponseBuffering buffering;         // once it has started; the attempt is its own from then on

    /// @param direct the same body as it comes from the peer
    BufferedResponseBody(UpstreamRequest request, UpstreamAttempt attempt, StreamingResponseBody direct) {
        this.request = request;
        this.attempt = attempt;
        this.direct = direct;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return buffering != null ? buffering.read(into) : ended ? -1 : readDirectly(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        if (buffering != null) {
            return buffering.hasMoreNow() ? buffering.read(into) : 0;
        }
        return ended ? -1 : readDirectly(into, false);
    }

    /// Ends the attempt as soon as the last byte has come, before that byte is passed on.
    private int readDirectly(ByteBuffer into, boolean mayWait) throws Failure {
        ended = true;                                      // also where this fails
        int count = mayWait ? direct.read(into) : direct.readNow(into);
        ended = count < 0 || direct.isComplete();
        if (ended) {
            attempt.end(UpstreamAttempt.FINISHED);
        }
        return count;
    }

    @Override
    public void readAhead() {
        if (buffering == null && !ended) {
            buffering = ResponseBuffering.start(request, attempt);
        }
    }

    @Override
    public OptionalLong length() {
        return direct.length();
    }

    @Override
    public Headers trailers() {
        return direct.trailers();
    }

    @Override
    public boolean hasMoreNow() {
        return buffering != null ? buffering.hasMoreNow() : ended || direct.hasMoreNow();
    }

    @Override
    public void close() {
        if (buffering != null) {
            buffering.cancel();
        } else {
            direct.close();
        }
    }
}
