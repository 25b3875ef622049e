package io.selvage.server.http2;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http1.Clock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// What a stream receives, as its thread reads it: waits for bytes, and lets the client send more when bytes were read.
///
/// The window of a stream bounds what is held of its body: `http2_body_preread_size` until the body is read, and
/// `http2_recv_buffer_size` from then on, if that is more.
final class StreamInput {
    /// Why there are no more bytes.
    enum End { NONE, ENDED, RESET, MALFORMED, TIMED_OUT }

    private final Http2Stream stream;
    private final ReentrantLock lock;
    private final WindowUpdates updates;
    private final Clock clock;
    private final int readWindow;              // once the body is read
    private int window;                        // that the client may fill
    private int unannounced;                   // bytes that were read, of which the client does not know
    private End end = End.NONE;

    /// Tells the client that it may send more on a stream. The caller holds the lock.
    interface WindowUpdates {
        void more(Http2Stream stream, int bytes);
    }

    /// @param lock of the connection
    StreamInput(Http2Stream stream, ReentrantLock lock, WindowUpdates updates, Clock clock, ClientOptions.Http2 options) {
        this.stream = stream;
        this.lock = lock;
        this.updates = updates;
        this.clock = clock;
        this.window = options.window();
        this.readWindow = Math.max(window, options.receiveBuffer());
    }

    /// Reads what is there. Waits for the first byte.
    ///
    /// @param timeout the longest wait; zero for none
    /// @return the number of bytes; 0 if there were none, for the reason that [#end] gives
    int read(ByteBuffer into, Duration timeout) {
        lock.lock();
        try {
            end = End.NONE;
            if (stream.received().size() == 0 && !await(timeout)) {
                return 0;
            }
            int count = stream.received().take(into);
            announce(count);
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Why the last read gave nothing.
    End end() {
        return end;
    }

    /// Waits until the client has ended its side, and forgets what comes. Lets the client send no more than it may already.
    ///
    /// @param patience for all of it
    void discard(Duration patience) {
        lock.lock();
        try {
            long until = clock.nanos() + patience.toNanos();
            long left = patience.toNanos();
            while (left > 0 && whyNothing(left) == End.NONE) {
                stream.received().clear();
                park(left);
                left = until - clock.nanos();
            }
        } finally {
            lock.unlock();
        }
    }

    /// True if a read finds bytes, or the end, without waiting.
    boolean hasMoreNow() {
        lock.lock();
        try {
            return stream.received().size() > 0 || stream.isRemoteEnded() || stream.isReset()
                    || stream.isMalformed();
        } finally {
            lock.unlock();
        }
    }

    /// The fields behind the body, after its end.
    Headers trailers() {
        lock.lock();
        try {
            return stream.trailers();
        } finally {
            lock.unlock();
        }
    }

    /// @return false if there will be no byte, or there was none in time
    private boolean await(Duration timeout) {
        announce(0);
        long until = clock.nanos() + timeout.toNanos();
        while (stream.received().size() == 0) {
            long left = timeout.isZero() ? 0 : until - clock.nanos();
            end = whyNothing(left);
            if (end != End.NONE) {
                return false;
            }
            park(left);
        }
        return true;
    }

    private void park(long nanos) {
        stream.reader(Thread.currentThread());
        lock.unlock();
        LockSupport.parkNanos(this, nanos);
        Thread.interrupted();                  // an interrupted thread would not park again
        lock.lock();
        stream.reader(null);
    }

    private End whyNothing(long nanosLeft) {
        if (stream.isReset()) {
            return End.RESET;
        }
        if (stream.isMalformed()) {
            return End.MALFORMED;
        }
        return stream.isRemoteEnded() ? End.ENDED : nanosLeft <= 0 ? End.TIMED_OUT : End.NONE;
    }

    /// Counts bytes that were read. The client hears of them when they are half of a window.
    private void announce(int count) {
        boolean first = window < readWindow;
        unannounced += readWindow - window + count;
        window = readWindow;
        if ((first || unannounced >= window / 2) && unannounced > 0 && !stream.isRemoteEnded() && !stream.isReset()) {
            updates.more(stream, unannounced);
            unannounced = 0;
        }
    }
}
