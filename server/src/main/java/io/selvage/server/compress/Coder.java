package io.selvage.server.compress;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;

/// Compresses or decompresses one stream of bytes, step by step. Used by one thread at a time. It holds memory outside of the
/// heap until it is closed.
interface Coder extends AutoCloseable {
    /// What a step is for.
    enum Goal {
        /// Code the input. Bytes may be kept back for a better result.
        CODE,
        /// Code the input and put out everything, so that the reader can decode all bytes until here.
        FLUSH,
        /// Code the input, which is the last, and put out the end of the stream.
        END
    }

    /// Takes bytes from `in` and puts bytes into `out` until the goal is reached or `out` is full. A goal that was not reached
    /// is to be repeated with room in `out`.
    ///
    /// @param in a direct buffer
    /// @param out a direct buffer with room
    /// @return true if the goal is reached: the input is used up and, unless the goal is `CODE`, everything was put out
    /// @throws Failure if the input is malformed
    boolean step(ByteBuffer in, ByteBuffer out, Goal goal) throws Failure;

    /// Releases the memory. Once.
    @Override
    void close();
}
