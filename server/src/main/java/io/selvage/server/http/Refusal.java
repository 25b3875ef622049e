package io.selvage.server.http;

/// Why a request is refused.
///
/// @param status what the client gets: 400, 413, 414, 417, 431, 501, 505 …
/// @param reason for the error log, in a few words
public record Refusal(Status status, String reason) {
}
