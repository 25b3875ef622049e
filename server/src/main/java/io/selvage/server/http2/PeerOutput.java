package io.selvage.server.http2;

import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The way to a peer for all threads of a connection. Threads of streams write their frames themselves, one at a time. Frames of
/// the connection, such as acknowledgements, are collected and go with the next write.
///
/// The thread that reads the connection never waits here: what the socket does not take at once is written by another thread.
final class PeerOutput {
    /// Collected frames; more come only from a peer that asks for acknowledgements and reads none.
    private static final int MOST_COLLECTED = 64 * 1024;
    private static final int LARGEST_FRAME = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final Duration patience;
    private final Consumer<IOException> onFailure;
    private final ReentrantLock writing = new ReentrantLock();
    private ByteBuffer rest = NOTHING;                     // of a write that was cut short; guarded by `writing`
    private ByteBuffer collected = NOTHING;                // in the state of being filled; guarded by this

    /// @param patience the longest wait for the socket to take something, for frames of the connection
    /// @param onFailure gets the failure of a write that no stream waits for
    PeerOutput(Connection connection, Duration patience, Consumer<IOException> onFailure) {
        this.connection = connection;
        this.patience = patience;
        this.onFailure = onFailure;
    }

    /// Makes the frames of a stream, in the turn of the calling thread.
    interface Frames<X extends Exception> {
        ByteBuffer[] make() throws X;
    }

    /// Writes frames that are made when it is the turn of this thread: what they depend on, such as the number of a stream, is
    /// in the order of the writes.
    ///
    /// @param timeout the longest wait for the socket to take something
    /// @return the number of their bytes
    <X extends Exception> long write(Duration timeout, Frames<X> frames) throws X, IOException {
        writing.lock();
        long count = 0;
        try {
            ByteBuffer[] made = frames.make();
            ByteBuffer before = before();
            ByteBuffer[] all = before.hasRemaining() ? new ByteBuffer[made.length + 1] : made;
            if (all != made) {
                all[0] = before;
                System.arraycopy(made, 0, all, 1, made.length);
            }
            for (ByteBuffer buffer : made) {
                count += buffer.remaining();
            }
            connection.write(all, timeout);
        } finally {
            writing.unlock();
        }
        flush();
        return count;
    }

    /// Adds a frame of the connection, of at most 256 bytes.
    ///
    /// @return false if there are too many that were not written
    synchronized boolean add(Consumer<ByteBuffer> frame) {
        if (collected.remaining() < LARGEST_FRAME) {
            int size = collected.position() + LARGEST_FRAME;
            if (size > MOST_COLLECTED) {
                return false;
            }
            collected = ByteBuffer.allocate(Math.min(MOST_COLLECTED, 2 * size)).put(collected.flip());
        }
        frame.accept(collected);
        return true;
    }

    private synchronized boolean hasCollected() {
        return collected.position() > 0;
    }

    /// What has to be written first. The caller writes now.
    private ByteBuffer before() {
        ByteBuffer first = rest;
        rest = NOTHING;
        synchronized (this) {
            if (!first.hasRemaining()) {
                first = collected.flip();
            } else if (collected.position() > 0) {
                first = ByteBuffer.allocate(first.remaining() + collected.position()).put(first).put(collected.flip()).flip();
            }
            collected = NOTHING;
        }
        return first;
    }

    /// Writes the collected frames, unless another thread writes and so takes them with it. May wait.
    void flush() {
        while (hasCollected() && writing.tryLock()) {
            try {
                connection.write(before(), patience);
            } catch (IOException e) {
                onFailure.accept(e);
                return;
            } finally {
                writing.unlock();
            }
        }
    }

    /// As [#flush], on the thread that reads the connection: does not wait.
    void flushNow() {
        while (hasCollected() && writing.tryLock()) {
            ByteBuffer bytes = before();
            boolean cut;
            try {
                connection.writeNow(bytes);
            } catch (IOException e) {
                onFailure.accept(e);
                return;
            } finally {
                cut = bytes.hasRemaining();
                rest = bytes;
                writing.unlock();
            }
            if (cut) {
                ThreadRegistry.start("writing to a peer", this::writeRest);
                return;
            }
        }
    }

    private void writeRest() {
        writing.lock();
        try {
            connection.write(before(), patience);
        } catch (IOException e) {
            onFailure.accept(e);
        } finally {
            writing.unlock();
        }
        flush();
    }
}
