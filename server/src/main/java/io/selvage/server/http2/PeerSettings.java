package io.selvage.server.http2;

/// The settings of the other side of a connection (RFC 9113 §6.5.2), with the values that hold before it has sent any. Used by
/// one thread at a time.
public final class PeerSettings {
    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;
    /// RFC 8441 §3.
    public static final int ENABLE_CONNECT_PROTOCOL = 8;
    /// RFC 9218 §2.1.
    public static final int NO_RFC7540_PRIORITIES = 9;

    static final int SMALLEST_MAX_FRAME_SIZE = 1 << 14;
    static final int LARGEST_MAX_FRAME_SIZE = (1 << 24) - 1;

    private long headerTableSize = HpackDecoder.DEFAULT_TABLE_SIZE;
    private long maxConcurrentStreams = Long.MAX_VALUE;
    private int initialWindowSize = FlowWindow.DEFAULT_SIZE;
    private int maxFrameSize = SMALLEST_MAX_FRAME_SIZE;
    private long maxHeaderListSize = Long.MAX_VALUE;

    /// Takes over one setting. Others than these are ignored.
    ///
    /// @param value an allowed one, as [FrameReader] reports them
    public void set(int id, long value) {
        switch (id) {
            case HEADER_TABLE_SIZE -> headerTableSize = value;
            case MAX_CONCURRENT_STREAMS -> maxConcurrentStreams = value;
            case INITIAL_WINDOW_SIZE -> initialWindowSize = (int) value;
            case MAX_FRAME_SIZE -> maxFrameSize = (int) value;
            case MAX_HEADER_LIST_SIZE -> maxHeaderListSize = value;
            default -> { }
        }
    }

    /// The most bytes of dynamic table that its HPACK decoder keeps (RFC 7541 §4.2).
    public long headerTableSize() {
        return headerTableSize;
    }

    /// The most streams of ours at once; [Long#MAX_VALUE] for no bound.
    public long maxConcurrentStreams() {
        return maxConcurrentStreams;
    }

    /// Bytes of DATA that may be sent on a new stream. A change applies to open streams as well (RFC 9113 §6.9.2).
    public int initialWindowSize() {
        return initialWindowSize;
    }

    /// The most bytes of the payload of a frame that it accepts.
    public int maxFrameSize() {
        return maxFrameSize;
    }

    /// The most bytes of the fields of a message that it accepts; [Long#MAX_VALUE] for no bound.
    public long maxHeaderListSize() {
        return maxHeaderListSize;
    }
}
