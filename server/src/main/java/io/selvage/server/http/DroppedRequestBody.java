package io.selvage.server.http;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// No body: of a subrequest, or in place of one that could not be received. What is left of that one on the client's connection
/// is not read as a body.
///
/// @param received the bytes that had come
record DroppedRequestBody(long received) implements RequestBody {

    @Override
    public int read(ByteBuffer into) {
        return -1;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(0);
    }

    @Override
    public boolean hasMoreNow() {
        return true;
    }

    @Override
    public boolean isEmpty() {
        return true;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    /// Does nothing: there is nothing to bound.
    @Override
    public void limit(long bytes) {
    }

    @Override
    public long taken() {
        return 0;
    }
}
