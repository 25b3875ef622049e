package io.selvage.server.http;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// Bytes of a body that arrive from elsewhere: a client's upload, a peer's answer. Used by one thread at a time.
public interface BodySource extends AutoCloseable {

    /// Waits until at least one byte has come and puts what is there into the buffer.
    ///
    /// @return the number of bytes put, or -1 behind the last one; never 0 while the buffer has room
    /// @throws Failure when the body cannot be had in full: cut short, malformed, too slow, too large
    int read(ByteBuffer into) throws Failure;

    /// As [#read], but never waits.
    ///
    /// @return 0 where that found nothing, or was not worth a try
    default int readNow(ByteBuffer into) throws Failure {
        return hasMoreNow() ? read(into) : 0;
    }

    /// Has what comes received without its reader, who is about to wait for something else: a client that takes its bytes slowly.
    /// Does nothing where that is not wanted, or for nothing.
    default void readAhead() {
    }

    /// The length of the whole body, where its head announced it.
    OptionalLong length();

    /// Whether the next read finds bytes, or the end, without waiting. A sender flushes before it waits.
    default boolean hasMoreNow() {
        return false;
    }

    /// The trailer section, known once [#read] has said -1 (RFC 9112 §7.1.2).
    default Headers trailers() {
        return Headers.EMPTY;
    }

    /// Gives up what is behind it: a peer's connection, a temporary file. Does nothing the second time.
    @Override
    default void close() {
    }
}
