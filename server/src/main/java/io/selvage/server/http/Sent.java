package io.selvage.server.http;

import java.util.function.Supplier;

/// What was really sent to the client, known at the end.
///
/// @param status as sent; 499 where the client went first
/// @param fields as sent, with those that were added on the way; put together for who asks
/// @param bytes everything, heads of interim answers included
/// @param bodyBytes the body without its framing
/// @param complete whether the client got all of it
public record Sent(Status status, Supplier<Headers> fields, long bytes, long bodyBytes, boolean complete) {

    public Sent(ResponseHead head, long bytes, long bodyBytes, boolean complete) {
        this(head.status(), head::headers, bytes, bodyBytes, complete);
    }

    /// The head as sent. Each call puts the fields together again.
    public ResponseHead head() {
        return new ResponseHead(status, fields.get());
    }
}
