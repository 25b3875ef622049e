package io.selvage.server.http1;

import io.selvage.server.http.Refusal;

/// What a head parser made of a window of bytes.
///
/// @param <H> the head it reads
sealed interface Parsed<H> {

    /// The head continues after the window. The used bytes need not be passed again.
    record NeedMore<H>(int bytesUsed) implements Parsed<H> {
    }

    /// A whole head; a body or the next message starts behind the bytes used.
    record Head<H>(H head, int bytesUsed) implements Parsed<H> {
    }

    /// Bad input; the rest of the connection means nothing.
    record Refused<H>(Refusal why) implements Parsed<H> {
    }
}
