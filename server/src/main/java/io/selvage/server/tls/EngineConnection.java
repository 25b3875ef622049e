package io.selvage.server.tls;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ForwardingConnection;
import io.selvage.server.net.SendableFile;
import io.selvage.server.net.UnreadBytes;
import io.selvage.server.tls.TlsException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// A connection whose records an [SSLEngine] makes and reads.
///
/// Data goes from the engine straight into a direct buffer of the reader that is large enough, and otherwise through a buffer of
/// the carrier, which is kept only until it is empty.
final class EngineConnection extends ForwardingConnection implements TlsConnection {
    private static final ByteBuffer NO_DATA = ByteBuffer.allocateDirect(0);
    private static final Duration FOR_THE_END = Duration.ofSeconds(5);
    /// The most bytes of a file that are read at a time: the data of sixteen records.
    private static final int SEND_CHUNK = 256 * 1024;
    /// A read of a file that takes longer has waited for the disk.
    private static final long SLOW_NANOS = 2_000_000;

    private final SSLEngine engine;
    private final EngineProvider provider;
    private final NegotiatedInfo info;
    private final TlsBuffers buffers;
    private final RecordInput input;
    private final RecordOutput output;
    private final AtomicBoolean closed = new AtomicBoolean();
    // These belong to the reading thread.
    private final UnreadBytes unread = new UnreadBytes();
    private ByteBuffer data = NO_DATA;                               // decrypted and not yet read, between position and limit
    private boolean inputOver;
    private boolean truncated;
    private volatile boolean reading;                      // a thread waits in the connection below
    private boolean slowFile;                              // the last read of a file waited; the writing thread's

    /// @param engine behind its handshake
    EngineConnection(Transport transport, SSLEngine engine, EngineProvider provider, NegotiatedInfo info, int recordSize) {
        super(transport.plain());
        this.engine = engine;
        this.provider = provider;
        this.info = info;
        this.buffers = transport.buffers();
        this.input = transport.input();
        this.output = new RecordOutput(transport.plain(), engine, buffers, recordSize);
    }

    /// What is below the records.
    record Transport(Connection plain, TlsBuffers buffers, RecordInput input) {
    }

    @Override
    public TlsInfo info() {
        return info;
    }

    @Override
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        int count = decrypt(into);
        return count != 0 ? count : awaitData(into, patience);
    }

    @Override
    public ByteBuffer awaitBytes(ByteBuffer held, int size, Duration patience) throws IOException {
        Deadline until = null;
        ByteBuffer into = held;
        while (true) {
            if (hasInput()) {
                into = into.capacity() < size ? buffers.takeHeap(size) : into.clear();
                int count = decrypt(into);
                if (count != 0) {
                    return into;
                }
            }
            if (inputOver) {
                return into.clear();
            }
            buffers.give(into);
            into = ByteBuffer.allocate(0);
            Duration left = until == null ? patience : until.left();
            until = until == null ? Deadline.in(patience) : until;
            awaitRecords(left);
        }
    }

    /// Whether a look may find data: some is there, or a record.
    private boolean hasInput() {
        return !unread.isEmpty() || data.hasRemaining() || input.hasRecord();
    }

    private int awaitData(ByteBuffer into, Duration patience) throws IOException {
        Deadline until = Deadline.in(patience);
        int count = 0;
        while (count == 0) {
            awaitRecords(until.left());
            count = decrypt(into);
        }
        return count;
    }

    /// Waits for bytes of records, or the end.
    private void awaitRecords(Duration patience) throws IOException {
        reading = true;
        try {
            ended(input.await(patience));
        } finally {
            reading = false;
        }
    }

    private void ended(int received) {
        if (received < 0) {
            inputOver = true;
            truncated = true;
        }
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        int count = decrypt(into);
        while (count == 0 && into.hasRemaining()) {
            int received = input.now();
            ended(received);
            if (received == 0) {
                return 0;
            }
            count = decrypt(into);
        }
        return count;
    }

    @Override
    public boolean mayHaveInput() {
        return hasInput() || input.bytes().hasRemaining() || inputOver || below().mayHaveInput();
    }

    @Override
    public void unread(ByteBuffer bytes) {
        unread.putFirst(bytes);
    }

    /// Moves data into the buffer, as far as it is here or in records that are here completely.
    ///
    /// @return the number of bytes; 0 if more records are needed; -1 at the end
    private int decrypt(ByteBuffer into) throws IOException {
        int before = unread.take(into);
        if (before > 0) {
            return before;
        }
        while (true) {
            if (data.hasRemaining()) {
                return moveData(into);
            }
            if (inputOver) {
                input.release();
                return -1;
            }
            if (!input.hasRecord()) {
                return 0;
            }
            int start = into.position();
            if (into.isDirect() && into.remaining() >= input.length()) {
                unwrap(into);
                if (into.position() > start) {
                    return into.position() - start;
                }
            } else {
                data = buffers.take();
                try {
                    unwrap(data);
                } finally {
                    data.flip();
                    releaseData();
                }
            }
        }
    }

    private int moveData(ByteBuffer into) {
        int count = Math.min(data.remaining(), into.remaining());
        into.put(into.position(), data, data.position(), count);
        into.position(into.position() + count);
        data.position(data.position() + count);
        releaseData();
        return count;
    }

    private void releaseData() {
        if (data.capacity() > 0 && !data.hasRemaining()) {
            buffers.give(data);
            data = NO_DATA;
        }
    }

    /// Reads one record.
    private void unwrap(ByteBuffer to) throws IOException {
        SSLEngineResult result;
        try {
            result = engine.unwrap(input.bytes(), to);
            inputOver |= result.getStatus() == Status.CLOSED && engine.isInboundDone();
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                answer();
            }
        } catch (SSLException e) {
            throw failed(FailureText.of(e));
        }
        if (isNegotiation(result.getHandshakeStatus())) {
            throw failed("the other side wants to negotiate again");
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW
                || !inputOver && result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
            throw failed("a record that cannot be read");
        }
    }

    /// BoringSSL's engine needs to unwrap, and calls itself closed, from the end of the output on.
    private boolean isNegotiation(HandshakeStatus status) {
        return !inputOver && !engine.isOutboundDone() && switch (status) {
            case NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> true;
            case NEED_WRAP, FINISHED, NOT_HANDSHAKING -> false;
        };
    }

    /// Sends what the engine answers to what was read: a changed key, the end, or an alert.
    private void answer() throws IOException {
        try {
            output.answer(provider.failsLater(), FOR_THE_END);
        } catch (SSLException e) {
            throw e;
        } catch (IOException e) {
            if (!inputOver) {
                throw e;
            }
        }
    }

    /// Ends the input, and sends the alert that the engine has left.
    private TlsException failed(String why) {
        inputOver = true;
        try {
            output.answer(false, FOR_THE_END);
        } catch (IOException e) {
            // The other side does not want to know.
        }
        return new TlsException(Kind.FAILED, why);
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        output.write(from, patience);
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        output.writeNow(from);
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        output.write(from, patience);
    }

    @Override
    public void lastWrite() {
        output.lastWrite();
    }

    @Override
    public long send(SendableFile file, long at, long count, Duration patience) throws IOException {
        ByteBuffer piece = buffers.takeLarge();
        try {
            piece.limit((int) Math.min(Math.min(count, SEND_CHUNK), piece.capacity()));
            int read = slowFile ? BlockingExecutor.call(() -> timedRead(file, piece, at)) : timedRead(file, piece, at);
            if (read <= 0) {
                return 0;
            }
            output.write(piece.flip(), patience);
            Thread.yield();
            return read;
        } finally {
            buffers.give(piece);
        }
    }

    private int timedRead(SendableFile file, ByteBuffer piece, long at) throws IOException {
        long began = System.nanoTime();
        int read = file.read(piece, at);
        slowFile = System.nanoTime() - began > SLOW_NANOS;
        return read;
    }

    @Override
    public void shutdownOutput() {
        try {
            output.finish(FOR_THE_END);
            below().shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && below().isOpen();
    }

    /// Sends `close_notify` if this can be done here and now: on a virtual thread of the connection's place, while no other
    /// thread uses it.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean here = !reading && Thread.currentThread().isVirtual() && TlsBuffers.here() == buffers;
        if (here && below().isOpen()) {
            try {
                output.finishNow();
            } catch (IOException e) {
                // The other side has gone.
            }
        }
        below().close();
        provider.free(engine);
        if (here) {
            release();
        }
    }

    private void release() {
        output.release();
        input.release();
        if (data.capacity() > 0) {
            buffers.give(data);
            data = NO_DATA;
        }
    }

    @Override
    public void abort() {
        if (closed.compareAndSet(false, true)) {
            below().abort();
            provider.free(engine);
        }
    }

    @Override
    public String toString() {
        return below() + " (TLS)";
    }
}
