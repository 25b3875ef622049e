package io.selvage.server.proxy;

import io.selvage.server.http.Failure;

/// What went wrong at a peer, in the words that people look for in an error log.
final class UpstreamErrorMessages {

    private UpstreamErrorMessages() {
    }

    /// The same failure, told so.
    ///
    /// @param doing what was going on, such as `connecting to upstream`
    static Failure told(Failure failure, String doing) {
        String reason = switch (failure.what()) {
            case TIMED_OUT -> "upstream timed out (110: Connection timed out)";
            case CLOSED -> "upstream prematurely closed connection";
            case MALFORMED -> "upstream sent invalid header or body (" + failure.detail() + ")";
            case TOO_LARGE -> "upstream sent too big header";
            case NO_PEER -> "no live upstreams";
            case REFUSED, OVERLOADED, BUG -> failure.detail();
        };
        return new Failure(failure.where(), failure.what(), failure.nothingSent(), reason + " while " + doing,
                failure.getCause());
    }
}
