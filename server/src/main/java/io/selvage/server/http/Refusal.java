package io.selvage.server.http;

/// A well-formed no to bad input.
///
/// @param status what the client is told: 400, 413, 414, 417, 431, 501, 505 …
/// @param reason for the error log, in a few words
public record Refusal(Status status, String reason) {
}
