package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// The body of a peer's answer on its way to the client, as it comes and not a byte ahead (`proxy_buffering off`); its trailers
/// stay here.
///
/// Closing it gives the connection back where all of it was read, else closes the connection.
final class StreamingResponseBody implements BodySource {
    private final RetryLoop passage;
    private final UpstreamAttempt call;
    private final BodySource body;

    StreamingResponseBody(RetryLoop passage, UpstreamAttempt call) {
        this.passage = passage;
        this.call = call;
        this.body = call.current().body();
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
                count = passage.waiting(call::abort, _ -> body.read(into));
            }
            if (count < 0) {
                call.ended();
            }
            return count;
        } catch (Failure failure) {
            Failure told = call.failed(failure);
            passage.log(told);
            throw told;
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
    public void close() {
        call.ended();
    }
}
