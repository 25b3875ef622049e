package io.selvage.server.http;

import java.util.Optional;

/// The body of a request, still on the client's connection. Reading it asks for it first where the client
/// expects that (`100-continue`, RFC 9110 §10.1.1).
public interface RequestBody extends BodySource {

    /// No body, as a subrequest has it.
    static RequestBody none() {
        return new DroppedRequestBody(0);
    }

    /// Whether the request has no body at all: neither a length above 0 nor a transfer coding.
    boolean isEmpty();

    /// Whether chunks mark its end, rather than a length.
    boolean isChunked();

    /// Sets the most bytes that may be read, 0 for no bound (`client_max_body_size`). A longer body makes the read that passes
    /// the bound fail with [Failure.What#TOO_LARGE].
    void limit(long bytes);

    /// Bytes read from it until now.
    long taken();

    /// Bytes that came from the client for it until now, the framing of chunks included; a part of `$request_length`.
    default long received() {
        return taken();
    }

    /// All of it, one `char` for each byte, where it has been received and lies in memory; `$request_body`.
    default Optional<String> text() {
        return Optional.empty();
    }

    /// The name of the file that contains it, where it has been received into one; `$request_body_file`. The name may have been
    /// deleted: `client_body_in_file_only` keeps it.
    default Optional<String> file() {
        return Optional.empty();
    }
}
