package io.selvage.server.http2;

/// One flow-control window of a stream or a connection (RFC 9113 §6.9): how many bytes of DATA may still be sent, or may still
/// come. Used by one thread at a time.
public final class FlowWindow {
    /// The size of a window for which nothing else was said.
    public static final int DEFAULT_SIZE = 65_535;

    private final int stream;
    private long size;

    /// @param stream whose window it is, 0 for the connection
    /// @param size its first size in bytes
    public FlowWindow(int stream, int size) {
        this.stream = stream;
        this.size = size;
    }

    /// The bytes that fit; below 0 after a setting has made the window smaller.
    public long size() {
        return size;
    }

    /// Makes room for so many more bytes, or fewer, after a WINDOW_UPDATE or a change of SETTINGS_INITIAL_WINDOW_SIZE.
    ///
    /// @throws Http2Error FLOW_CONTROL_ERROR of the stream or connection, where the window would have 2^31 bytes or more
    public void add(long bytes) throws Http2Error {
        if (size + bytes > Integer.MAX_VALUE) {
            throw error("too large a window");
        }
        size += bytes;
    }

    /// Counts bytes that were sent, of which there are at most as many as fit.
    public void sent(int bytes) {
        size -= bytes;
    }

    /// Counts bytes that came.
    ///
    /// @throws Http2Error FLOW_CONTROL_ERROR of the stream or connection, where they are more than fit
    public void received(int bytes) throws Http2Error {
        if (bytes > size) {
            throw error("more DATA than the window allows");
        }
        size -= bytes;
    }

    private Http2Error error(String detail) {
        return stream == 0 ? Http2Error.ofConnection(ErrorCode.FLOW_CONTROL_ERROR, detail)
                : Http2Error.ofStream(ErrorCode.FLOW_CONTROL_ERROR, stream, detail);
    }
}
