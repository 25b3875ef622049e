package io.selvage.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Bytes both ways, without messages: what is left of a connection whose protocol has changed.
///
/// One thread reads and one thread writes at a time. [#close] and [#abort] may come from any thread.
public interface DuplexStream extends AutoCloseable {

    /// Waits for bytes and puts what is there into the buffer.
    ///
    /// @param timeout the longest wait
    /// @return the number of bytes, or -1 at the end; never 0 while the buffer has room
    int read(ByteBuffer into, Duration timeout) throws IOException;

    /// Writes all of the buffer.
    ///
    /// @param timeout the longest wait between two steps that made progress
    void write(ByteBuffer from, Duration timeout) throws IOException;

    /// Tells the other side that nothing more comes; reading goes on.
    void shutdownOutput();

    /// Ends it; a thread that waits in it gets an exception. Any number of times.
    @Override
    void close();

    /// Ends it so that the other side sees an error, where the transport can do that.
    void abort();
}
