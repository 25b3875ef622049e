package io.selvage.server.http2;

/// The types of frames (RFC 9113 §6, RFC 9218 §7.1) and their flags.
public final class FrameType {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int PRIORITY_UPDATE = 16;

    /// Of DATA and HEADERS: the message ends with this frame, or with the CONTINUATION frames of it.
    public static final int END_STREAM = 0x1;
    /// Of SETTINGS and PING.
    public static final int ACK = 0x1;
    /// Of HEADERS and CONTINUATION: the field section ends with this frame.
    public static final int END_HEADERS = 0x4;
    /// Of DATA and HEADERS: the first byte is the length of the padding.
    public static final int PADDED = 0x8;
    /// Of HEADERS: five bytes with a dependency and a weight precede the fields.
    public static final int WITH_PRIORITY = 0x20;

    private FrameType() {
    }
}
