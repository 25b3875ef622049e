package io.selvage.server.observe;

import io.selvage.server.http.Attempt;

/// A phase of the duration of an exchange, or of an attempt at a peer. Queue, connect, first byte and body follow each
/// other without a gap.
public enum LatencyPhase {
    /// The whole duration: of an exchange from its first byte until its answer was sent, of an attempt until its answer had
    /// arrived.
    WHOLE(""),
    /// From the first byte of the exchange until the attempt starts: the rest of the request, a delay, earlier attempts.
    QUEUE(":queue"),
    /// The part of that in the queue of the upstream (`queue`), of those that had to wait there.
    WAIT(":wait"),
    /// Until the connection exists; zero for a kept-alive connection.
    CONNECT(":connect"),
    /// From then until the head of the answer is complete: sending the request, and the work of the peer.
    FIRST_BYTE(":first-byte"),
    /// From the head until the last byte, or until the body was abandoned.
    BODY(":body"),
    /// The whole duration of an attempt without an answer.
    FAILED(":failed");

    private final String suffix;

    LatencyPhase(String suffix) {
        this.suffix = suffix;
    }

    /// The suffix of the name of a series.
    public String suffix() {
        return suffix;
    }

    /// The duration of this phase of an answered attempt, in nanoseconds.
    long of(Attempt attempt) {
        return switch (this) {
            case WHOLE, FAILED -> attempt.totalNanos();
            case QUEUE -> attempt.queuedNanos();
            case WAIT -> attempt.waitedNanos();
            case CONNECT -> attempt.connectNanos();
            case FIRST_BYTE -> attempt.headerNanos() - attempt.connectNanos();
            case BODY -> attempt.totalNanos() - attempt.headerNanos();
        };
    }
}
