package io.selvage.server.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// A connection to a client or a peer. Its calls look blocking; the calling virtual thread parks.
///
/// One thread reads and one thread writes at a time; they may be different threads. [#abort()], [#close()] and [#isOpen()] may be
/// called from any thread, [#readPatience] from another one than the reader. After a [TimedOut] read the connection may still be
/// written; after any other exception it is unusable.
public interface Connection extends AutoCloseable {

    /// Waits for bytes and reads those that are available into the buffer.
    ///
    /// @param patience the longest wait, above zero; every wait is bounded
    /// @return the number of bytes, or -1 at the end of the input; never 0 while the buffer has room
    /// @throws TimedOut if no byte arrived in time; the connection can then no longer be read, but still be written
    int read(ByteBuffer into, Duration patience) throws IOException;

    /// Waits for bytes and reads those that are available. Implementations that can do so hold no buffer while they wait.
    ///
    /// @param held an empty heap buffer, possibly of size 0; ownership passes to this method
    /// @param size the least capacity of the returned buffer
    /// @return a heap buffer owned by the caller, with the bytes before its position; none at the end of the input
    /// @throws TimedOut as [#read]
    default ByteBuffer awaitBytes(ByteBuffer held, int size, Duration patience) throws IOException {
        ByteBuffer into = held.capacity() < size ? ByteBuffer.allocate(size) : held.clear();
        read(into, patience);
        return into;
    }

    /// Lends an empty heap buffer with room for so many bytes, until [#giveBack]. Only for the thread that serves the connection.
    default ByteBuffer lend(int size) {
        return ByteBuffer.allocate(size);
    }

    /// Takes a buffer of [#lend] back; the caller must not touch it again.
    default void giveBack(ByteBuffer lent) {
        // the garbage collector takes it
    }

    /// Reads the available bytes without waiting.
    ///
    /// @return the number of bytes, 0 if none is available, -1 at the end of the input
    int readNow(ByteBuffer into) throws IOException;

    /// False only if nothing can have come, neither bytes nor the end, before what this thread knows of was sent. So the caller
    /// needs no [#readNow] to see whether the connection is still clean.
    default boolean mayHaveInput() {
        return true;
    }

    /// Replaces the patience of the read in which another thread waits now, counted from now. On an event loop only
    /// threads of that loop call it.
    ///
    /// @return false if no thread waits
    boolean readPatience(Duration patience);

    /// Makes the next reads return these bytes first. At most once before the next read; the buffer is not copied.
    void unread(ByteBuffer bytes);

    /// Writes all of the buffer.
    ///
    /// @param patience the longest time without progress
    void write(ByteBuffer from, Duration patience) throws IOException;

    /// Writes as many bytes as possible without waiting; the rest stays in the buffer. Not while another thread reads.
    void writeNow(ByteBuffer from) throws IOException;

    /// Writes all of the buffers, in one system call if the socket accepts them at once.
    void write(ByteBuffer[] from, Duration patience) throws IOException;

    /// Writes bytes of a file, copied by the kernel where possible: at least one, and no more once it had to wait, so that the
    /// caller can measure the wait.
    ///
    /// @param count above 0
    /// @param patience the longest time without progress
    /// @return the bytes written, at most `count`; 0 if the file ends at the position
    long send(SendableFile file, long at, long count, Duration patience) throws IOException;

    /// Watches for the end of the input while this connection is neither read nor written. At the end it runs `gone` once, on
    /// another thread; `gone` must not wait. An [#abort] counts as the end. Received bytes are kept for the next read.
    Watch watch(Runnable gone);

    /// Announces that the next write is the last one: the bytes that end the output, where a connection has some, leave with it.
    /// [#shutdownOutput] or [#close] must follow.
    default void lastWrite() {
        // the end of the output is no bytes
    }

    /// Closes the output. The connection can still be read.
    void shutdownOutput();

    boolean isOpen();

    SocketAddress remote();

    SocketAddress local();

    /// What the kernel measured of the connection; empty where it is not one of TCP, or is not known.
    default Optional<TcpInfo> tcpInfo() {
        return Optional.empty();
    }

    /// Switches Nagle's algorithm off (`true`) or on. No effect on a unix socket.
    void noDelay(boolean on);

    /// Makes a write that times out reset the connection, as [#abort()] does, rather than close it.
    void resetTimedOutWrites(boolean on);

    /// Closes the connection; a thread that waits in it gets an exception. Any thread, any number of times.
    @Override
    void close();

    /// Closes the connection with a reset, where the transport has one.
    void abort();

    /// A watch for the end of the input. Closing it ends the watch.
    interface Watch extends AutoCloseable {

        /// True if the input has ended.
        boolean gone();

        @Override
        void close();
    }
}
