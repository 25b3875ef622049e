package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/// A body that is read no faster than a rate.
final class PacedBody implements BodySource {
    private final BodySource body;
    private final ReadPace pace;
    private long read;

    PacedBody(BodySource body, long rate) {
        this.body = body;
        this.pace = new ReadPace(rate, System.nanoTime());
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        long rest = pace.restNanos(read, System.nanoTime());
        while (rest > 0) {
            LockSupport.parkNanos(this, rest);
            rest = pace.restNanos(read, System.nanoTime());
        }
        return bounded(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return pace.restNanos(read, System.nanoTime()) > 0 ? 0 : bounded(into, false);
    }

    private int bounded(ByteBuffer into, boolean mayWait) throws Failure {
        int limit = into.limit();
        long allowed = Math.max(1, pace.allowed(read, System.nanoTime()));
        into.limit((int) Math.min(limit, into.position() + allowed));
        try {
            int count = mayWait ? body.read(into) : body.readNow(into);
            read += Math.max(0, count);
            return count;
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public boolean hasMoreNow() {
        return pace.restNanos(read, System.nanoTime()) == 0 && body.hasMoreNow();
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }
}
