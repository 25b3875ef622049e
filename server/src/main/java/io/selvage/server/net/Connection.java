package io.selvage.server.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A connection to a client or a peer. Its calls look blocking; the calling virtual thread parks.
///
/// One thread reads and one thread writes at a time; they may be different threads. [#abort()], [#close()] and [#isOpen()] may be
/// called from any thread. After a [TimedOut] read the connection may still be written; after any other exception it is unusable.
public interface Connection extends AutoCloseable {

    /// Waits for bytes and puts what is there into the buffer.
    ///
    /// @param patience the longest wait, above zero; there is no wait without a bound
    /// @return the number of bytes, or -1 at the end of the input; never 0 while the buffer has room
    /// @throws TimedOut when nothing came in time; reading has ended then, writing has not
    int read(ByteBuffer into, Duration patience) throws IOException;

    /// Waits for bytes for as long as that may take, and reads what is there. A connection that can holds no buffer meanwhile.
    ///
    /// @param held an empty heap buffer, maybe of no size, which the caller gives away
    /// @param size bytes that there must be room for
    /// @return a heap buffer that belongs to the caller now: the bytes lie before its position, none at the end of the input
    /// @throws TimedOut as [#read]
    default ByteBuffer awaitBytes(ByteBuffer held, int size, Duration patience) throws IOException {
        ByteBuffer into = held.capacity() < size ? ByteBuffer.allocate(size) : held.clear();
        read(into, patience);
        return into;
    }

    /// Takes what is there without waiting.
    ///
    /// @return the number of bytes, 0 for none now, -1 at the end of the input
    int readNow(ByteBuffer into) throws IOException;

    /// Puts bytes back in front of what is read next. At most once before the next read; the buffer is not copied.
    void unread(ByteBuffer bytes);

    /// Writes all of the buffer.
    ///
    /// @param patience the longest wait between two steps that made progress
    void write(ByteBuffer from, Duration patience) throws IOException;

    /// Writes what is taken without waiting; the rest stays in the buffer. Not while another thread reads.
    void writeNow(ByteBuffer from) throws IOException;

    /// Writes all of the buffers, in one system call where that is enough.
    void write(ByteBuffer[] from, Duration patience) throws IOException;

    /// Writes a part of a file, copied by the kernel where it can.
    ///
    /// @return the bytes written; fewer than asked for when the file has become shorter meanwhile
    long send(SendableFile file, long at, long count, Duration patience) throws IOException;

    /// Watches for the end of the input while this connection is neither read nor written. At the end it runs `gone` once, on
    /// another thread; `gone` must not wait. An [#abort] counts as the end. Received bytes are kept for the next read.
    Watch watch(Runnable gone);

    /// Tells the other side that nothing more comes; reading goes on.
    void shutdownOutput();

    boolean isOpen();

    SocketAddress remote();

    SocketAddress local();

    /// Switches Nagle's algorithm off or on; nothing happens on a unix socket.
    void noDelay(boolean on);

    /// Makes a write that times out reset the connection, as [#abort()] does, rather than close it.
    void resetTimedOutWrites(boolean on);

    /// Closes it; whoever waits in it gets an exception. Any thread, any number of times.
    @Override
    void close();

    /// Closes it so that the other side sees a reset where the transport has one.
    void abort();

    /// A look-out; closing it ends it.
    interface Watch extends AutoCloseable {

        /// Whether the end was seen.
        boolean gone();

        @Override
        void close();
    }
}
