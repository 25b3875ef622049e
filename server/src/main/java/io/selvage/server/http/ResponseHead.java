package io.selvage.server.http;

/// An answer without its body. `Date`, `Connection` and the framing fields are added where it is sent.
///
/// @param status what came of it
/// @param headers the fields, without `Content-Length` and `Transfer-Encoding` where the body knows its own length
public record ResponseHead(Status status, Headers headers) {

    public ResponseHead withStatus(Status changed) {
        return new ResponseHead(changed, headers);
    }

    public ResponseHead withHeaders(Headers changed) {
        return new ResponseHead(status, changed);
    }
}
