package io.selvage.server.http2;

/// Why a stream or a connection ends (RFC 9113 §7). The code of a constant on the wire is its [#ordinal].
public enum ErrorCode {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final ErrorCode[] ALL = values();

    /// The constant of a code on the wire. Unknown codes are treated as [#INTERNAL_ERROR], as RFC 9113 §7 allows.
    public static ErrorCode of(int code) {
        return code >= 0 && code < ALL.length ? ALL[code] : INTERNAL_ERROR;
    }

    public int code() {
        return ordinal();
    }
}
