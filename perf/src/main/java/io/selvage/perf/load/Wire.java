package io.selvage.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What carries the bytes of a connection over its non-blocking channel: nothing besides, or TLS. Belongs to one event loop.
sealed interface Wire permits PlainWire, TlsWire {

    SocketChannel channel();

    /// Goes on with making the connection.
    ///
    /// @return true when it can carry an exchange; false to be called again when the channel is ready
    boolean connect() throws IOException;

    /// True if bytes wait for the channel to become writable.
    boolean isBlocked();

    /// Sends as much as the channel accepts. What it does not accept may stay in the buffer, or wait in the wire, which then
    /// [#isBlocked].
    void write(ByteBuffer from) throws IOException;

    /// Reads what is there.
    ///
    /// @return the number of bytes, 0 for none now, -1 at the end
    int read(ByteBuffer into) throws IOException;

    /// True if the last read left nothing behind, so that the next bytes make the channel ready.
    boolean isDrained();

    /// Closes the channel.
    void close();
}
