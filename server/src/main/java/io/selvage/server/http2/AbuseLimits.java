package io.selvage.server.http2;

/// Ends connections of clients that make the server work for nothing (RFC 9113 §10.5): by resetting streams, or making the server
/// reset them; by frames that carry nothing; by windows that open byte by byte. The connection gets ENHANCE_YOUR_CALM.
///
/// What a client of good will does is credited: an answer that was sent to its end pays for a reset, DATA that was sent pays for
/// frames about windows.
///
/// Guarded by the lock of the connection.
final class AbuseLimits {
    /// Streams that may be reset early in a row, and each second in the long run.
    private static final int RESETS = 200;
    private static final int RESETS_PER_SECOND = 20;
    /// Frames without use for the connection in a row, and each second in the long run.
    private static final int IDLE_FRAMES = 1000;
    private static final int IDLE_FRAMES_PER_SECOND = 50;
    /// Bytes of DATA for which a client may send a WINDOW_UPDATE for the stream and one for the connection.
    private static final int BYTES_A_FRAME = 256;

    private final Budget resets;
    private final Budget frames;
    private long paid;                         // bytes of DATA that were credited

    AbuseLimits(long nowNanos) {
        resets = new Budget(RESETS, RESETS_PER_SECOND, nowNanos);
        frames = new Budget(IDLE_FRAMES, IDLE_FRAMES_PER_SECOND, nowNanos);
    }

    /// An answer was sent to its end.
    void answered() {
        resets.credit(1);
        frames.credit(4);
    }

    /// A stream was reset before its answer had ended, by either side.
    void reset(long nowNanos) throws Http2Error {
        if (!resets.use(nowNanos)) {
            throw calm("too many streams were reset");
        }
    }

    /// A frame came that asks for work and carries nothing: SETTINGS, PING, a priority, empty DATA, an unknown type.
    void idleFrame(long nowNanos) throws Http2Error {
        if (!frames.use(nowNanos)) {
            throw calm("too many frames without use");
        }
    }

    /// A WINDOW_UPDATE came.
    ///
    /// @param sent bytes of DATA of this connection until now
    void windowUpdate(long nowNanos, long sent) throws Http2Error {
        long earned = (sent - paid) / BYTES_A_FRAME;
        if (earned > 0) {
            frames.credit(earned);
            paid = sent;
        }
        idleFrame(nowNanos);
    }

    private static Http2Error calm(String detail) {
        return Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, detail);
    }
}
