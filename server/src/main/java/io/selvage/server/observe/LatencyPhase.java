package io.selvage.server.observe;

import io.selvage.server.http.Attempt;

/// A part of the time that an exchange or an attempt at a peer takes. The middle four follow each other without a gap.
enum LatencyPhase {
    /// All of it: of an exchange from its first byte until its answer was sent, of an attempt until its answer had come.
    WHOLE(""),
    /// From the first byte of the exchange until the attempt begins: the rest of the request, a delay, attempts before this one.
    QUEUE(":queue"),
    /// Until there is a connection; nothing on one that was kept alive.
    CONNECT(":connect"),
    /// From there until the head of the answer is complete: the request on its way, and the peer at work.
    FIRST_BYTE(":first-byte"),
    /// From the head until the last byte, or until the body was given up.
    BODY(":body"),
    /// All of an attempt that brought no answer.
    FAILED(":failed");

    private final String suffix;

    LatencyPhase(String suffix) {
        this.suffix = suffix;
    }

    /// What the name of a series ends with.
    String suffix() {
        return suffix;
    }

    /// How long this part of an answered attempt took.
    long of(Attempt attempt) {
        return switch (this) {
            case WHOLE, FAILED -> attempt.totalNanos();
            case QUEUE -> attempt.queuedNanos();
            case CONNECT -> attempt.connectNanos();
            case FIRST_BYTE -> attempt.headerNanos() - attempt.connectNanos();
            case BODY -> attempt.totalNanos() - attempt.headerNanos();
        };
    }
}
