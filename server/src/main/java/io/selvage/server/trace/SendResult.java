package io.selvage.server.trace;

/// What became of an export.
sealed interface SendResult {
    SendResult TAKEN = new Taken();

    /// The receiver has the spans.
    record Taken() implements SendResult {
    }

    /// The receiver cannot be reached, or takes nothing now: the same spans may be sent again.
    ///
    /// @param reason for people
    record Later(String reason) implements SendResult {
    }

    /// The receiver does not want these spans.
    ///
    /// @param reason for people
    record Refused(String reason) implements SendResult {
    }
}
