package io.selvage.server.http2;

import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;

/// What the fields of a request are (RFC 9113 §8.3.1).
public sealed interface AssembledRequest {

    /// A request like one of HTTP/1: `:authority` has become `Host`, and cookies are one field.
    ///
    /// @param scheme `http` or `https`, as the client says
    /// @param protocol `:protocol` of an extended CONNECT (RFC 8441), empty for every other request
    /// @param contentLength the value of Content-Length, -1 for none
    record Valid(RequestHead head, String scheme, String protocol, long contentLength) implements AssembledRequest {
    }

    /// No request: the stream is reset with PROTOCOL_ERROR (RFC 9113 §8.1.1).
    ///
    /// @param reason for the error log, in a few words
    /// @param soFar what is known of it, for the access log
    record Malformed(String reason, RequestHead soFar) implements AssembledRequest {
    }

    /// A request that is answered with an error.
    ///
    /// @param soFar what is known of it
    record Refused(Refusal why, RequestHead soFar) implements AssembledRequest {
    }
}
