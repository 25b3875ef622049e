package io.selvage.server.http;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an exchange met upstream: where it was passed to, the attempts at peers, the last answer of one. Written by the proxy.
public final class UpstreamTrace {
    /// Of an exchange that no proxy has. Nothing may be written into it.
    static final UpstreamTrace NONE = new UpstreamTrace();

    private List<Attempt> attempts = List.of();
    private @Nullable BitSet afterRedirect;                // attempts with an internal redirect before them, once there are any
    private int redirectsAtAttempt;
    private @Nullable Authority target;                    // once a proxy has the exchange
    private @Nullable ResponseHead peerHead;               // once a peer has answered
    private Headers peerTrailers = Headers.EMPTY;
    private Headers redirectFields = Headers.EMPTY;
    private boolean rangesForced;

    UpstreamTrace() {
    }

    /// The tries at peers until now, oldest first.
    public List<Attempt> attempts() {
        return attempts;
    }

    /// Adds an attempt.
    ///
    /// @param redirects internal redirects of the exchange until now
    void addAttempt(Attempt attempt, int redirects) {
        if (redirects > redirectsAtAttempt) {
            BitSet known = afterRedirect == null ? new BitSet() : afterRedirect;
            known.set(attempts.size());
            afterRedirect = known;
        }
        redirectsAtAttempt = redirects;
        attempts = attempts.isEmpty() ? List.of(attempt) : Stream.concat(attempts.stream(), Stream.of(attempt)).toList();
    }

    /// Replaces the last attempt by a fuller record, when its body has been received.
    public void attemptEnded(Attempt attempt) {
        int last = attempts.size() - 1;
        attempts = last == 0 ? List.of(attempt) : Stream.concat(attempts.stream().limit(last), Stream.of(attempt)).toList();
    }

    /// Whether an internal redirect lies between this attempt, counted from 0, and the one before it.
    public boolean isAfterRedirect(int attempt) {
        return attempt > 0 && afterRedirect != null && afterRedirect.get(attempt);
    }

    /// The host and port a proxy passes the exchange to, as configured; `$proxy_host`, `$proxy_port`.
    public Optional<Authority> target() {
        return Optional.ofNullable(target);
    }

    /// Sets the host and port that a proxy passes the exchange to.
    public void target(Authority to) {
        target = to;
    }

    /// The head of the last peer's answer as it came; `$upstream_http_*`.
    public Optional<ResponseHead> peerHead() {
        return Optional.ofNullable(peerHead);
    }

    /// Replaces the head by that of a later attempt.
    public void peerHead(ResponseHead head) {
        peerHead = head;
    }

    /// The trailers of the last peer's answer, once its body has ended; `$upstream_trailer_*`.
    public Headers peerTrailers() {
        return peerTrailers;
    }

    /// Sets the trailers of the last peer's answer.
    public void peerTrailers(Headers trailers) {
        peerTrailers = trailers;
    }

    /// True if a range may be cut out of the last peer's answer although that is a stream.
    public boolean areRangesForced() {
        return rangesForced;
    }

    /// Allows a range of the last peer's answer although that is a stream (`proxy_force_ranges`).
    public void forceRanges() {
        rangesForced = true;
    }

    /// Fields of a response that redirected the request inside the site (`X-Accel-Redirect`): what the application says about
    /// the content that answers in its place. They go with the answer, whatever handler makes it.
    public Headers redirectFields() {
        return redirectFields;
    }

    /// Replaces the fields by those of a later redirect.
    public void redirectFields(Headers fields) {
        redirectFields = fields;
    }
}
