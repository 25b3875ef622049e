package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a peer's answer, taken from the peer as fast as it comes: a slow client does not hold it (`proxy_buffering`).
///
/// As long as the client takes what it is sent, one thread reads the peer and writes to the client. From the moment when it would
/// wait for the client, a [ResponseBuffering] takes the rest.
final class BufferedResponseBody implements BodySource {
    private final RetryLoop passage;
    private final UpstreamAttempt call;
    private final StreamingResponseBody direct;
    private boolean over;                                  // the peer's part, read directly to its end or to a failure
    private @Nullable ResponseBuffering pump;                           // once it has begun; the peer is its own from then on

    BufferedResponseBody(RetryLoop passage, UpstreamAttempt call) {
        this.passage = passage;
        this.call = call;
        this.direct = new StreamingResponseBody(passage, call);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return pump != null ? pump.read(into) : over ? -1 : directly(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        if (pump != null) {
            return pump.hasMoreNow() ? pump.read(into) : 0;
        }
        return over ? -1 : directly(into, false);
    }

    /// Gives the peer's connection back as soon as the last byte has come, before it is passed on.
    private int directly(ByteBuffer into, boolean mayWait) throws Failure {
        over = true;                                       // also where this fails
        int count = mayWait ? direct.read(into) : direct.readNow(into);
        over = count < 0 || call.isComplete();
        if (over) {
            call.ended();
        }
        return count;
    }

    @Override
    public void readAhead() {
        if (pump == null && !over) {
            pump = ResponseBuffering.start(passage, call);
        }
    }

    @Override
    public OptionalLong length() {
        return direct.length();
    }

    @Override
    public boolean hasMoreNow() {
        return pump != null ? pump.hasMoreNow() : over || direct.hasMoreNow();
    }

    @Override
    public void close() {
        if (pump != null) {
            pump.leave();
        } else {
            direct.close();
        }
    }
}
