package io.selvage.server.http;

/// What was really sent to the client, known at the end.
///
/// @param head as sent, with the fields that were added on the way; its status is 499 where the client went first
/// @param bytes everything, heads of interim answers included
/// @param bodyBytes the body without its framing
/// @param complete whether the client got all of it
public record Sent(ResponseHead head, long bytes, long bodyBytes, boolean complete) {
}
