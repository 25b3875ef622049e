package io.selvage.server.http2;

import io.selvage.server.http.ResponseHead;

/// What the fields of a response are (RFC 9113 §8.3.2).
public sealed interface AssembledResponse {

    /// A response like one of HTTP/1, interim ones included.
    ///
    /// @param contentLength the value of Content-Length, -1 for none
    record Valid(ResponseHead head, long contentLength) implements AssembledResponse {
    }

    /// No response: an error of the stream, PROTOCOL_ERROR (RFC 9113 §8.1.1).
    ///
    /// @param reason for the error log, in a few words
    record Malformed(String reason) implements AssembledResponse {
    }
}
