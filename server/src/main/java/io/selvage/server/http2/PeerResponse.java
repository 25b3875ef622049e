package io.selvage.server.http2;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The response of a [PeerStream] for the thread that reads it: its heads, then as a source its body, then its trailers.
public final class PeerResponse implements BodySource {
    private final PeerSession session;
    private final PeerStream stream;
    private final ReceivedResponse received;               // guarded by the lock of the session
    private final Duration timeout;

    private volatile @Nullable Thread waiting;

    /// @param timeout the longest wait for something from the peer, once it has the request
    PeerResponse(PeerSession session, PeerStream stream, ReceivedResponse received, Duration timeout) {
        this.session = session;
        this.stream = stream;
        this.received = received;
        this.timeout = timeout;
    }

    /// True if a final head has come, or none will: [#awaitHead] does not wait.
    public boolean hasFinalHeadNow() {
        session.lock.lock();
        try {
            return received.hasFinalHead() || stream.hasFailed();
        } finally {
            session.lock.unlock();
        }
    }

    /// Waits for the next head. The time counts from the end of the request.
    public ResponseHead awaitHead() throws Failure {
        long began = System.nanoTime();
        waiting = Thread.currentThread();
        try {
            while (!hasHeadNow()) {
                stream.park(leftFrom(began), " did not respond in time");
            }
        } finally {
            waiting = null;
        }
        session.lock.lock();
        try {
            return received.takeHead();
        } finally {
            session.lock.unlock();
        }
    }

    private boolean hasHeadNow() throws Failure {
        session.lock.lock();
        try {
            if (!received.hasHead()) {
                stream.throwFailure();
            }
            return received.hasHead();
        } finally {
            session.lock.unlock();
        }
    }

    private long leftFrom(long began) {
        session.lock.lock();
        try {
            return timeout.toNanos() - stream.request().nanosSinceEnd(began);
        } finally {
            session.lock.unlock();
        }
    }

    /// Waits for the first bytes of the body, or its end.
    public void awaitBody() throws Failure {
        long until = System.nanoTime() + timeout.toNanos();
        waiting = Thread.currentThread();
        try {
            while (!hasMoreNow()) {
                stream.park(until - System.nanoTime(), " sent nothing more in time");
            }
        } finally {
            waiting = null;
        }
    }

    /// True if all of the response has come and was read.
    public boolean isComplete() {
        session.lock.lock();
        try {
            return received.hasEnded() && !received.hasUnread();
        } finally {
            session.lock.unlock();
        }
    }

    /// Bytes of the body that were read.
    public long bodyReceived() {
        session.lock.lock();
        try {
            return received.bodyRead();
        } finally {
            session.lock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        if (!into.hasRemaining()) {
            return 0;
        }
        awaitBody();
        return readNow(into);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        int count;
        int more;
        session.lock.lock();
        try {
            count = received.take(into);
            more = stream.isReset() ? 0 : received.announce();
            if (count == 0) {
                stream.throwFailure();
                count = received.hasEnded() ? -1 : 0;
            }
        } finally {
            session.lock.unlock();
        }
        if (more > 0) {
            session.output().add(out -> FrameWriter.windowUpdate(out, stream.id(), more));
            session.output().flush();
        }
        return count;
    }

    @Override
    public boolean hasMoreNow() {
        session.lock.lock();
        try {
            return received.hasUnread() || received.hasEnded() || stream.hasFailed();
        } finally {
            session.lock.unlock();
        }
    }

    @Override
    public OptionalLong length() {
        session.lock.lock();
        try {
            long length = received.contentLength();
            return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
        } finally {
            session.lock.unlock();
        }
    }

    @Override
    public Headers trailers() {
        session.lock.lock();
        try {
            return received.trailers();
        } finally {
            session.lock.unlock();
        }
    }

    /// Has the waiting thread look at the state again.
    void wake() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
