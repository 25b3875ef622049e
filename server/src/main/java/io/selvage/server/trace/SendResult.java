package io.selvage.server.trace;

import java.util.Optional;

/// What became of an export.
sealed interface SendResult {
    /// The receiver has all spans.
    SendResult TAKEN = new Taken(Optional.empty());

    /// The receiver has the spans.
    ///
    /// @param partial what it objects to, if anything
    record Taken(Optional<PartialSuccess> partial) implements SendResult {
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
