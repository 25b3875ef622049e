package io.selvage.server.proxy;

import io.selvage.server.http.Failure;

/// The messages of the error log about peers, in the words of nginx, which people and their tools look for.
final class UpstreamErrorMessages {
    static final String CONNECTING = "connecting to upstream";
    private static final String HANDSHAKING = "SSL handshaking to upstream";
    static final String SENDING = "sending request to upstream";
    static final String AWAITING_HEAD = "reading response header from upstream";
    static final String READING_BODY = "reading upstream";

    private UpstreamErrorMessages() {
    }

    /// The same failure with such a message. A failure of another side than the peer's is returned as it is.
    ///
    /// @param doing what was going on, one of the constants above; a failed handshake has its own
    static Failure describe(Failure failure, String doing) {
        if (failure.where() != Failure.Where.UPSTREAM) {
            return failure;
        }
        String reason = switch (failure.what()) {
            case TIMED_OUT -> "upstream timed out (110: Connection timed out)";
            case CLOSED -> "upstream prematurely closed connection";
            case MALFORMED -> "upstream sent invalid header or body (" + failure.detail() + ")";
            case TOO_LARGE -> "upstream sent too big header";
            case NO_PEER -> "no live upstreams";
            case REFUSED, OVERLOADED, NO_SPACE, BUG -> failure.detail();
        };
        String phase = failure.getCause() instanceof HandshakeException ? HANDSHAKING : doing;
        return new Failure(failure.where(), failure.what(), failure.nothingSent(), reason + " while " + phase,
                failure.getCause());
    }
}
