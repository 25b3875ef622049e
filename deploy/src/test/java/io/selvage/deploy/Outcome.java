package io.selvage.deploy;

/// What the client of a request saw.
///
/// @param kind         how the exchange ended
/// @param status       of the answer, 0 without one
/// @param upstream     the peers that were asked, as the server reports them in the field `Upstream`
/// @param detail       what went wrong, empty where nothing did
/// @param startedNanos when the first byte was sent
record Outcome(NumberedRequest request, Kind kind, int status, String upstream, String detail, long startedNanos) {

    enum Kind {
        /// Status 200 and the right body.
        RIGHT,
        /// Another status.
        REFUSED,
        /// The connection ended visibly before the body was complete.
        CUT,
        /// The connection ended before the head of an answer was complete, or nothing came for a long time.
        LOST,
        /// A complete answer with another body.
        WRONG
    }

    boolean isRight() {
        return kind == Kind.RIGHT;
    }

    boolean isCut() {
        return kind == Kind.CUT;
    }

    /// True for a POST that was answered with this status.
    boolean isPostRefusedWith(int code) {
        return request.isPost() && kind == Kind.REFUSED && status == code;
    }

    boolean startedBefore(long nanos) {
        return startedNanos - nanos < 0;
    }
}
