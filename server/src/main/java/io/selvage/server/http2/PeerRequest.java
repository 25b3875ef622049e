package io.selvage.server.http2;

import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The request of a [PeerStream] on its way: its frames, as many as both windows of the peer allow. Used by the thread that
/// sends.
public final class PeerRequest {
    private static final int WAIT = -2;
    private static final int MOST_AT_ONCE = 64 * 1024;

    private final PeerSession session;
    private final PeerStream stream;
    private final ReceivedResponse response;               // guarded by the lock of the session
    private final Duration timeout;

    // Guarded by the lock of the session.
    private FlowWindow window = new FlowWindow(0, 0);
    private boolean ended;                                 // its end was sent
    private long endedNanos;

    private volatile long bytesSent;                       // written by the sending thread
    private volatile @Nullable Thread waiting;

    /// @param timeout the longest wait for the peer to take something
    PeerRequest(PeerSession session, PeerStream stream, ReceivedResponse response, Duration timeout) {
        this.session = session;
        this.stream = stream;
        this.response = response;
        this.timeout = timeout;
    }

    /// Sends the head, and as much of the body as the peer takes now in the same write; then the rest.
    ///
    /// @param block the encoded fields
    /// @param last true if nothing follows these bytes
    public void sendHead(ByteBuffer block, ByteBuffer bytes, boolean last) throws Failure {
        try {
            bytesSent = bytesSent + session.output().write(timeout, () -> headFrames(block, bytes, last));
        } catch (IOException e) {
            throw writeFailed(e);
        }
        if (bytes.hasRemaining()) {
            send(bytes, last);
        }
    }

    private ByteBuffer[] headFrames(ByteBuffer block, ByteBuffer bytes, boolean last) throws Failure {
        session.lock.lock();
        try {
            window = new FlowWindow(stream.number(), session.settings().initialWindowSize());
            List<ByteBuffer> frames = new ArrayList<>(4);
            frames.add(fieldFrames(block, last && !bytes.hasRemaining()));
            int count = reserve(bytes.remaining());
            if (count > 0) {
                addData(frames, bytes, count, last);
            }
            if (last && !bytes.hasRemaining()) {
                markEnded();
            }
            return frames.toArray(ByteBuffer[]::new);
        } finally {
            session.lock.unlock();
        }
    }

    /// A HEADERS frame, and CONTINUATION frames where the block needs them; of the size that every peer accepts.
    private ByteBuffer fieldFrames(ByteBuffer block, boolean last) {
        int maxFrame = PeerSettings.SMALLEST_MAX_FRAME_SIZE;
        ByteBuffer frames = ByteBuffer.allocate(FrameReader.HEADER_SIZE + block.remaining()
                + FrameWriter.continuationBound(block.remaining(), maxFrame));
        int start = FrameWriter.beginHeaders(frames);
        FrameWriter.endHeaders(frames.put(block), start, stream.id(), last, maxFrame);
        return frames.flip();
    }

    /// Sends bytes of the body. Waits while the peer takes none. Does nothing where the peer wants no more of it, because it has
    /// responded.
    ///
    /// @param last true if nothing follows; may then have no bytes
    public void send(ByteBuffer bytes, boolean last) throws Failure {
        if (!bytes.hasRemaining() && !last) {
            return;
        }
        do {
            int count = awaitWindow(bytes.remaining());
            if (count < 0) {
                bytes.position(bytes.limit());
                return;
            }
            write(() -> {
                List<ByteBuffer> frames = new ArrayList<>(4);
                addData(frames, bytes, count, last);
                return frames;
            });
        } while (bytes.hasRemaining());
        if (last) {
            end();
        }
    }

    /// Ends the request with a trailer section.
    ///
    /// @param block the encoded fields
    public void sendTrailers(ByteBuffer block) throws Failure {
        if (awaitWindow(0) < 0) {
            return;
        }
        write(() -> List.of(fieldFrames(block, true)));
        end();
    }

    /// Makes frames of this stream.
    private interface Frames {
        List<ByteBuffer> make();
    }

    private void write(Frames frames) throws Failure {
        try {
            bytesSent = bytesSent + session.output().<RuntimeException>write(timeout,
                    () -> frames.make().toArray(ByteBuffer[]::new));
        } catch (IOException e) {
            throw writeFailed(e);
        }
    }

    private void addData(List<ByteBuffer> frames, ByteBuffer bytes, int count, boolean last) {
        int maxFrame = session.settings().maxFrameSize();
        int left = count;
        do {
            int size = Math.min(left, maxFrame);
            left -= size;
            boolean end = last && left == 0 && bytes.remaining() == size;
            ByteBuffer header = ByteBuffer.allocate(FrameReader.HEADER_SIZE);
            FrameWriter.data(header, stream.id(), size, end);
            frames.add(header.flip());
            frames.add(bytes.slice(bytes.position(), size));
            bytes.position(bytes.position() + size);
        } while (left > 0);
    }

    /// Takes room from both windows. The caller holds the lock.
    private int reserve(int wanted) {
        int count = session.reserve(Math.clamp(window.size(), 0, Math.min(wanted, MOST_AT_ONCE)));
        window.sent(count);
        return count;
    }

    /// Waits until the peer takes bytes.
    ///
    /// @param wanted how many there are; for none this does not wait
    /// @return how many may be sent now, or -1 if the peer wants none because it has responded
    private int awaitWindow(int wanted) throws Failure {
        long until = System.nanoTime() + timeout.toNanos();
        waiting = Thread.currentThread();
        try {
            int count = tryReserve(wanted);
            while (count == WAIT) {
                stream.park(until - System.nanoTime(), " did not take the request in time");
                count = tryReserve(wanted);
            }
            return count;
        } finally {
            waiting = null;
        }
    }

    private int tryReserve(int wanted) throws Failure {
        session.lock.lock();
        try {
            stream.throwFailure();
            if (stream.isReset()) {
                return -1;
            }
            int count = reserve(wanted);
            return count > 0 || wanted == 0 ? count : response.hasEnded() ? -1 : WAIT;
        } finally {
            session.lock.unlock();
        }
    }

    /// Its end was sent: the time for the response begins.
    private void end() {
        session.lock.lock();
        try {
            markEnded();
        } finally {
            session.lock.unlock();
        }
        stream.response().wake();
    }

    private Failure writeFailed(IOException e) {
        session.writeFailed(e);
        session.lock.lock();
        try {
            return session.failure(false);
        } finally {
            session.lock.unlock();
        }
    }

    /// Bytes of its frames.
    public long bytesSent() {
        return bytesSent;
    }

    /// Has the waiting thread look at the state again.
    void wake() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    // What follows is called with the lock of the session.

    /// The window of the stream for DATA to the peer.
    FlowWindow window() {
        return window;
    }

    boolean hasEnded() {
        return ended;
    }

    void markEnded() {
        ended = true;
        endedNanos = System.nanoTime();
    }

    /// How long the peer has had all of the request, 0 while it has not.
    ///
    /// @param fromNanos counts from here, where the end was sent before
    long nanosSinceEnd(long fromNanos) {
        return ended ? System.nanoTime() - Math.max(fromNanos, endedNanos) : 0;
    }
}
