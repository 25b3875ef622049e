package io.selvage.server.http2;

import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.http1.BodyBufferPool;
import io.selvage.server.http1.Clock;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way of all streams of a connection to its socket: one buffer, which is filled while the one before it is written. So
/// what is ready at the same time leaves in one write, and the connection holds two buffers at most.
///
/// A stream's thread that has more than fits waits until its bytes were taken. The thread that writes is
///
///   * the thread of the connection, without waiting, for what was ready when it had handled what it had read ([#uncork]);
///     only on a carrier, where the threads of the streams have run before it goes on;
///   * else a thread that does nothing else, and that alone waits for the socket.
///
/// The lock is held while frames are made, never while bytes are written, except by writes that do not wait.
final class ConnectionOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final ReentrantLock lock;
    private final Clock clock;
    private final OutputFrames frames;
    private final Duration patience;
    private final CountDownLatch ended = new CountDownLatch(1);

    private ByteBuffer out = NOTHING;                      // being filled
    private boolean full;                                  // it has no room for what a stream waits to send
    private boolean corked;                                // the thread of the connection is going to write
    private boolean writing;                               // a thread writes; or the writer is about to
    private ByteBuffer unsent = NOTHING;                   // what a write without waiting left; the writer goes on with it
    private boolean finishing;                             // the output ends behind what there is
    private Runnable afterwards = () -> { };
    private @Nullable IOException broken;                  // why nothing can be written any more
    private @Nullable Thread writer;                       // while it waits for something to write

    /// @param lock of the connection
    /// @param patience of a write without progress
    ConnectionOutput(Connection connection, ReentrantLock lock, Clock clock, OutputFrames frames, Duration patience) {
        this.connection = connection;
        this.lock = lock;
        this.clock = clock;
        this.frames = frames;
        this.patience = patience;
    }

    /// Starts the thread that writes.
    void start() {
        ThreadRegistry.start(connection, this::writeAll);
    }

    /// From now on the calling thread is going to write. Only on a carrier.
    void cork() {
        corked = true;
    }

    /// Writes what is ready: on a carrier without waiting, else on the thread that writes.
    void uncork() {
        lock.lock();
        try {
            boolean direct = corked;
            corked = false;
            if (!direct) {
                wakeWriter();
            } else if (!writing) {
                writeNow();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Has what was added to the frames written. The caller holds the lock.
    void flush() {
        if (!full && frames.hasWork()) {
            full = !fill();
        }
        if (!corked) {
            wakeWriter();
        } else if (full && !writing) {
            writeNow();
        }
    }

    /// Sends a head, bytes, or both on a stream. Returns when they were taken, so the buffer may be used again.
    ///
    /// @param last true if nothing follows
    /// @param timeout without any progress, where the client's flow control holds the stream up
    /// @throws TimedOut then
    /// @throws IOException if the stream was reset, or the connection has ended
    void send(Http2Stream stream, Http2Stream.@Nullable Head head, ByteBuffer bytes, boolean last, Duration timeout)
            throws IOException {
        if (!offer(stream, head, bytes, last)) {
            awaitTaken(stream, timeout);
        }
    }

    /// As [#send], without waiting.
    ///
    /// @return true if all was taken; if not, [#awaitTaken] has to follow, and the buffer must not be used before
    boolean offer(Http2Stream stream, Http2Stream.@Nullable Head head, ByteBuffer bytes, boolean last) throws IOException {
        lock.lock();
        try {
            check(stream);
            stream.offer(head, bytes, last);
            frames.ready(stream);
            flush();
            return !stream.hasOutput();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what was offered is taken.
    ///
    /// @return the nanoseconds for which the client's flow control held the stream up
    long awaitTaken(Http2Stream stream, Duration timeout) throws IOException {
        lock.lock();
        try {
            return await(stream, timeout);
        } finally {
            lock.unlock();
        }
    }

    private void check(Http2Stream stream) throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (stream.isReset()) {
            throw new IOException(stream.isResetByPeer() ? "the client has reset the stream" : "the stream was reset");
        }
    }

    private long await(Http2Stream stream, Duration timeout) throws IOException {
        long began = clock.nanos();
        long held = 0;
        while (stream.hasOutput()) {
            long now = clock.nanos();
            boolean own = stream.sendWindow().size() <= 0;
            boolean heldUp = own || frames.window().size() <= 0;
            long progress = own ? stream.progressNanos() : Math.max(stream.progressNanos(), frames.progressNanos());
            long left = timeout.toNanos() - (now - Math.max(began, progress));
            if (left <= 0) {
                frames.remove(stream);
                stream.dropOutput();
                throw new TimedOut("nothing could be sent on a stream in " + timeout.toMillis() + " ms");
            }
            park(stream, left);
            held += heldUp ? clock.nanos() - now : 0;
            check(stream);
        }
        return held;
    }

    private void park(Http2Stream stream, long nanos) {
        stream.writer(Thread.currentThread());
        lock.unlock();
        LockSupport.parkNanos(this, nanos);
        Thread.interrupted();                              // an interrupted thread would not park again
        lock.lock();
        stream.writer(null);
    }

    private void writeNow() {
        do {
            full = frames.hasWork() && !fill();
            if (out.position() == 0 || broken != null) {
                return;
            }
            take();
            try {
                connection.writeNow(unsent);
            } catch (IOException e) {
                fail(e);
            }
            if (unsent.hasRemaining()) {
                wakeWriter();
                return;
            }
            give(unsent);
            unsent = NOTHING;
        } while (frames.hasWork());
    }

    /// Moves the filled buffer to what is to be written.
    private void take() {
        unsent = out.flip();
        out = NOTHING;
        full = false;
    }

    /// Fills the buffer.
    ///
    /// @return false if there was no room for everything
    private boolean fill() {
        if (out == NOTHING) {
            int needed = frames.roomNeeded();
            out = BodyBufferPool.takeLarge();
            if (needed > out.capacity()) {
                BodyBufferPool.give(out);
                out = ByteBuffer.allocate(needed);
            }
        }
        boolean all = frames.fill(out, clock.nanos());
        if (out.position() == 0) {
            give(out);
            out = NOTHING;
        }
        return all;
    }

    private static void give(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            BodyBufferPool.give(buffer);
        }
    }

    private void wakeWriter() {
        Thread waiting = writer;
        if (waiting != null) {
            writer = null;
            writing = true;
            LockSupport.unpark(waiting);
        }
    }

    /// The writer's whole life.
    private void writeAll() {
        try {
            ByteBuffer next = next();
            while (next.hasRemaining()) {
                connection.write(next, patience);
                give(next);
                next = next();
            }
            connection.shutdownOutput();
            afterwards.run();
        } catch (IOException e) {
            fail(e);
        } finally {
            ended.countDown();
        }
    }

    /// Waits for something to write; an empty buffer at the end.
    private ByteBuffer next() throws IOException {
        lock.lock();
        try {
            while (true) {
                writing = true;
                if (broken != null) {
                    throw broken;
                }
                if (!unsent.hasRemaining()) {
                    full = frames.hasWork() && !fill();
                    take();
                }
                if (unsent.hasRemaining()) {
                    ByteBuffer next = unsent;
                    unsent = NOTHING;
                    return next;
                }
                if (finishing) {
                    return NOTHING;
                }
                writing = false;
                awaitWork();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitWork() {
        Thread self = Thread.currentThread();
        writer = self;
        while (writer == self) {
            lock.unlock();
            LockSupport.park(this);
            Thread.interrupted();
            lock.lock();
        }
    }

    /// Ends the output behind what there is now. Any thread.
    ///
    /// @param whenEnded runs on the thread that writes
    void finish(Runnable whenEnded) {
        lock.lock();
        try {
            if (!finishing) {
                finishing = true;
                afterwards = whenEnded;
            }
            wakeWriter();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the output has ended, after [#finish] or a failure.
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /// As [#awaitEnd()], for a bounded time.
    ///
    /// @return false if it has not ended until then
    boolean awaitEnd(Duration most) throws InterruptedException {
        return ended.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends the output at once. Any thread.
    void fail(IOException why) {
        lock.lock();
        try {
            if (broken == null) {
                broken = why;
            }
            wakeWriter();
        } finally {
            lock.unlock();
        }
        connection.close();
    }
}
