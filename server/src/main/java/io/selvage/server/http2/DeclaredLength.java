package io.selvage.server.http2;

/// Compares the Content-Length of a message with its DATA (RFC 9113 §8.1.1). Used by one thread at a time.
public final class DeclaredLength {
    private final int stream;
    private final boolean declared;
    private long left;

    /// @param length the value of Content-Length, -1 for none
    public DeclaredLength(int stream, long length) {
        this.stream = stream;
        this.declared = length >= 0;
        this.left = length;
    }

    /// Counts bytes of DATA without padding.
    ///
    /// @param last true at the end of the stream
    /// @throws Http2Error PROTOCOL_ERROR of the stream, where there is more or less than was declared
    public void received(int bytes, boolean last) throws Http2Error {
        left -= bytes;
        if (declared && (left < 0 || last && left > 0)) {
            throw Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream, "DATA differs from Content-Length");
        }
    }
}
