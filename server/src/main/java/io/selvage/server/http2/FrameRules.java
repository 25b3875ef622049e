package io.selvage.server.http2;

/// The rules for single frames and settings whose violation is an error of the connection (RFC 9113 §6).
final class FrameRules {
    private static final int RESET_SIZE = 4;
    private static final int PING_SIZE = 8;
    private static final int GOAWAY_SIZE = 8;
    private static final int WINDOW_UPDATE_SIZE = 4;
    private static final int PRIORITY_UPDATE_SIZE = 4;
    private static final int SETTING_SIZE = 6;
    private static final int PRIORITY_SIZE = 5;

    private FrameRules() {
    }

    /// Checks the header of a frame.
    static void check(int type, int flags, int stream, int length) throws Http2Error {
        if (type == FrameType.PUSH_PROMISE) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE is not enabled");
        }
        boolean ofItsStream = switch (type) {
            case FrameType.DATA, FrameType.HEADERS, FrameType.PRIORITY, FrameType.RST_STREAM, FrameType.CONTINUATION ->
                stream > 0;
            case FrameType.SETTINGS, FrameType.PING, FrameType.GOAWAY, FrameType.PRIORITY_UPDATE -> stream == 0;
            default -> true;
        };
        if (!ofItsStream) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a frame of the wrong stream");
        }
        if (!isLength(type, flags, length)) {
            throw Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, "a frame of the wrong length");
        }
    }

    private static boolean isLength(int type, int flags, int length) {
        return switch (type) {
            case FrameType.DATA, FrameType.HEADERS -> length >= shortest(type, flags);
            case FrameType.RST_STREAM -> length == RESET_SIZE;
            case FrameType.SETTINGS -> length % SETTING_SIZE == 0 && (length == 0 || (flags & FrameType.ACK) == 0);
            case FrameType.PING -> length == PING_SIZE;
            case FrameType.GOAWAY -> length >= GOAWAY_SIZE;
            case FrameType.WINDOW_UPDATE -> length == WINDOW_UPDATE_SIZE;
            case FrameType.PRIORITY_UPDATE -> length >= PRIORITY_UPDATE_SIZE;
            default -> true;
        };
    }

    static boolean isKnown(int type) {
        return type <= FrameType.CONTINUATION || type == FrameType.PRIORITY_UPDATE;
    }

    static boolean isKnownSetting(int id) {
        return id >= PeerSettings.HEADER_TABLE_SIZE && id <= PeerSettings.MAX_HEADER_LIST_SIZE
                || id == PeerSettings.ENABLE_CONNECT_PROTOCOL || id == PeerSettings.NO_RFC7540_PRIORITIES;
    }

    /// Checks a known setting.
    static void checkSetting(int id, long value, boolean ofClient) throws Http2Error {
        switch (id) {
            case PeerSettings.ENABLE_PUSH -> requireSetting(value <= (ofClient ? 1 : 0), ErrorCode.PROTOCOL_ERROR);
            case PeerSettings.INITIAL_WINDOW_SIZE ->
                requireSetting(value <= Integer.MAX_VALUE, ErrorCode.FLOW_CONTROL_ERROR);
            case PeerSettings.MAX_FRAME_SIZE -> requireSetting(value >= PeerSettings.SMALLEST_MAX_FRAME_SIZE
                    && value <= PeerSettings.LARGEST_MAX_FRAME_SIZE, ErrorCode.PROTOCOL_ERROR);
            case PeerSettings.ENABLE_CONNECT_PROTOCOL, PeerSettings.NO_RFC7540_PRIORITIES ->
                requireSetting(value <= 1, ErrorCode.PROTOCOL_ERROR);
            default -> { }
        }
    }

    /// Bytes that a DATA or HEADERS frame has at least: what stands before its content.
    static int shortest(int type, int flags) {
        int padLength = (flags & FrameType.PADDED) != 0 ? 1 : 0;
        return type == FrameType.HEADERS && (flags & FrameType.WITH_PRIORITY) != 0 ? padLength + PRIORITY_SIZE : padLength;
    }

    private static void requireSetting(boolean right, ErrorCode code) throws Http2Error {
        if (!right) {
            throw Http2Error.ofConnection(code, "a setting with a value that is not allowed");
        }
    }
}
