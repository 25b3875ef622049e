package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.jspecify.annotations.Nullable;

/// Turns data into records and sends as many with one write as fit a buffer: sixteen of the largest. One thread at a time; the
/// others wait, parked: the thread that writes, and the one that reads when the engine has to answer something.
final class RecordOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    /// A part of this size gets records of its own, rather than that it is copied behind another one.
    private static final int WORTH_A_RECORD = 4096;

    private final Connection plain;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private final int recordSize;
    private final ReentrantLock lock = new ReentrantLock();
    // The rest is guarded by the lock.
    private final ByteBuffer[] single = new ByteBuffer[1];
    private @Nullable ByteBuffer unsent;                   // records that found no room in the socket
    private boolean ending;                                // `close_notify` leaves with the next write

    RecordOutput(Connection plain, SSLEngine engine, TlsBuffers buffers, int recordSize) {
        this.plain = plain;
        this.engine = engine;
        this.buffers = buffers;
        this.recordSize = recordSize;
    }

    void write(ByteBuffer from, Duration patience) throws IOException {
        lock.lock();
        try {
            single[0] = from;
            writeAll(single, patience);
        } finally {
            single[0] = NOTHING;
            lock.unlock();
        }
    }

    void write(ByteBuffer[] from, Duration patience) throws IOException {
        lock.lock();
        try {
            writeAll(from, patience);
        } finally {
            lock.unlock();
        }
    }

    /// Lets `close_notify` follow the last record of the next write.
    void lastWrite() {
        lock.lock();
        ending = true;
        lock.unlock();
    }

    private void writeAll(ByteBuffer[] parts, Duration patience) throws IOException {
        sendUnsent(patience);
        long left = remaining(parts);
        ByteBuffer out = left > recordSize ? buffers.takeLarge() : buffers.take();
        try {
            while (left > 0) {
                if (encrypt(parts, out)) {
                    left = remaining(parts);
                } else {
                    send(out, patience);
                }
            }
            if (ending) {
                engine.closeOutbound();
                if (engine.wrap(NOTHING, out).getStatus() == Status.BUFFER_OVERFLOW) {
                    send(out, patience);
                    engine.wrap(NOTHING, out);
                }
            }
            send(out, patience);
        } finally {
            buffers.give(out);
        }
    }

    private static long remaining(ByteBuffer[] parts) {
        long count = 0;
        for (ByteBuffer part : parts) {
            count += part.remaining();
        }
        return count;
    }

    private void send(ByteBuffer out, Duration patience) throws IOException {
        if (out.position() > 0) {
            plain.write(out.flip(), patience);
            out.clear();
        }
    }

    /// Makes one record of the next bytes.
    ///
    /// @return false if it has no room
    private boolean encrypt(ByteBuffer[] parts, ByteBuffer out) throws IOException {
        int first = 0;
        while (!parts[first].hasRemaining()) {
            first++;
        }
        ByteBuffer part = parts[first];
        if (part.remaining() >= recordSize || isLast(parts, first)) {
            return part.isDirect() ? wrapSome(part, out) : wrapCopy(parts, first, first + 1, out);
        }
        int end = first + 1;
        int size = part.remaining();
        while (end < parts.length && (size + remaining(parts, end) <= recordSize
                || parts[end].remaining() < WORTH_A_RECORD && size < recordSize)) {
            size += parts[end].remaining();
            end++;
        }
        return wrapCopy(parts, first, end, out);
    }

    private static boolean isLast(ByteBuffer[] parts, int index) {
        return remaining(parts, index + 1) == 0;
    }

    private static long remaining(ByteBuffer[] parts, int from) {
        long count = 0;
        for (int i = from; i < parts.length; i++) {
            count += parts[i].remaining();
        }
        return count;
    }

    /// A record of the start of a direct buffer.
    private boolean wrapSome(ByteBuffer part, ByteBuffer out) throws IOException {
        int limit = part.limit();
        part.limit(part.position() + Math.min(part.remaining(), recordSize));
        try {
            return wrap(part, out);
        } finally {
            part.limit(limit);
        }
    }

    /// A record of bytes of several buffers, or of one on the heap. The buffers advance only if it was made.
    private boolean wrapCopy(ByteBuffer[] parts, int first, int end, ByteBuffer out) throws IOException {
        ByteBuffer joined = buffers.take();
        try {
            for (int i = first; i < end && joined.position() < recordSize; i++) {
                ByteBuffer part = parts[i];
                int count = Math.min(part.remaining(), recordSize - joined.position());
                joined.put(joined.position(), part, part.position(), count);
                joined.position(joined.position() + count);
            }
            joined.flip();
            boolean made = wrap(joined, out);
            for (int i = first, left = joined.position(); left > 0; i++) {
                int count = Math.min(left, parts[i].remaining());
                parts[i].position(parts[i].position() + count);
                left -= count;
            }
            return made;
        } finally {
            buffers.give(joined);
        }
    }

    /// @return false if the output has no room
    private boolean wrap(ByteBuffer from, ByteBuffer out) throws IOException {
        int unproductive = 0;
        while (from.hasRemaining()) {
            int before = out.position();
            SSLEngineResult result = engine.wrap(from, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (before == 0) {
                    throw new IOException("a record has no room");
                }
                return false;
            }
            if (result.getStatus() == Status.CLOSED) {
                throw new IOException("the output has been closed");
            }
            // An engine may have something of its own to send first.
            boolean moved = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
            if (!moved && ++unproductive > 2) {
                throw new IOException("the connection cannot be written");
            }
        }
        return true;
    }

    /// Writes what the socket takes without waiting. Records that it does not take go out with the next write.
    void writeNow(ByteBuffer from) throws IOException {
        lock.lock();
        try {
            while (from.hasRemaining() && sendUnsentNow()) {
                ByteBuffer out = buffers.take();
                unsent = out;
                single[0] = from;
                encrypt(single, out);
                out.flip();
            }
            sendUnsentNow();
        } finally {
            single[0] = NOTHING;
            lock.unlock();
        }
    }

    /// Returns whether nothing is left.
    private boolean sendUnsentNow() throws IOException {
        ByteBuffer left = unsent;
        if (left == null) {
            return true;
        }
        plain.writeNow(left);
        if (left.hasRemaining()) {
            return false;
        }
        unsent = null;
        buffers.give(left);
        return true;
    }

    private void sendUnsent(Duration patience) throws IOException {
        ByteBuffer left = unsent;
        if (left != null) {
            unsent = null;
            plain.write(left, patience);
            buffers.give(left);
        }
    }

    /// Sends what the engine itself has to send.
    ///
    /// @param mayHaveFailed true to ask the engine once more, see [EngineProvider#failsLater]
    void answer(boolean mayHaveFailed, Duration patience) throws IOException {
        lock.lock();
        try {
            sendUnsent(patience);
            ByteBuffer out = buffers.take();
            try {
                SSLEngineResult result;
                do {
                    result = engine.wrap(NOTHING, out);
                    send(out, patience);
                } while (result.bytesProduced() > 0
                        && (mayHaveFailed || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
            } finally {
                buffers.give(out);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the output with `close_notify`.
    void finish(Duration patience) throws IOException {
        lock.lock();
        try {
            engine.closeOutbound();
            answer(false, patience);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the output without waiting, if no other thread writes.
    void finishNow() throws IOException {
        if (!lock.tryLock()) {
            return;
        }
        try {
            engine.closeOutbound();
            if (sendUnsentNow()) {
                ByteBuffer out = buffers.take();
                unsent = out;
                engine.wrap(NOTHING, out);
                out.flip();
                sendUnsentNow();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Gives back what is held.
    void release() {
        if (lock.tryLock()) {
            try {
                ByteBuffer left = unsent;
                unsent = null;
                if (left != null) {
                    buffers.give(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
