package io.selvage.server.http2;

import java.util.Optional;

/// What the other side did wrong (RFC 9113 §5.4): an error of the connection, after which a GOAWAY is sent and the connection is
/// closed, or an error of one stream, after which a RST_STREAM is sent and everything else continues. Has no stack trace.
public final class Http2Error extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final int stream;

    private Http2Error(ErrorCode code, int stream, String detail) {
        super(detail, null, false, false);
        this.code = code;
        this.stream = stream;
    }

    /// An error of the whole connection.
    ///
    /// @param detail for the error log and the debug data of a GOAWAY, in a few ASCII words
    public static Http2Error ofConnection(ErrorCode code, String detail) {
        return new Http2Error(code, 0, detail);
    }

    /// An error of one stream.
    ///
    /// @param stream its identifier, above 0
    public static Http2Error ofStream(ErrorCode code, int stream, String detail) {
        return new Http2Error(code, stream, detail);
    }

    public ErrorCode code() {
        return code;
    }

    /// The identifier of the stream, 0 for an error of the connection.
    public int stream() {
        return stream;
    }

    /// True if the connection ends, false if only [#stream] does.
    public boolean isOfConnection() {
        return stream == 0;
    }

    public String detail() {
        return Optional.ofNullable(getMessage()).orElse("");
    }
}
