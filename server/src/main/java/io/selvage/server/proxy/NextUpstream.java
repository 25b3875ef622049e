package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import io.selvage.server.http.Status;
import java.time.Duration;
import java.util.Set;

/// When a request goes on to another peer (`proxy_next_upstream` and its bounds), and what counts against a peer.
///
/// @param conditions what is worth another try
/// @param tries the most peers that one request is given to, 0 for no bound of its own (`proxy_next_upstream_tries`)
/// @param time after which no further try begins, zero for no bound (`proxy_next_upstream_timeout`)
public record NextUpstream(Set<Condition> conditions, int tries, Duration time) {
    /// The first peer or none (`proxy_next_upstream off`).
    public static final NextUpstream OFF = new NextUpstream(Set.of(), 0, Duration.ZERO);

    /// What can happen at a peer, in the words of the directive.
    public enum Condition {
        ERROR, TIMEOUT, INVALID_HEADER, HTTP_500, HTTP_502, HTTP_503, HTTP_504, HTTP_403, HTTP_404, HTTP_429,
        /// Not an event: requests that are not idempotent are tried again as well.
        NON_IDEMPOTENT
    }

    public NextUpstream {
        conditions = Set.copyOf(conditions);
        if (tries < 0 || time.isNegative()) {
            throw new IllegalArgumentException("next upstream: tries " + tries + ", time " + time);
        }
    }

    /// Whether the bounds leave room for one more.
    boolean allowsAnother(int triesSoFar, long elapsedNanos) {
        return (tries == 0 || triesSoFar < tries) && (time.isZero() || elapsedNanos < time.toNanos());
    }

    /// Whether a request that failed like this, before an answer, may go to another peer without being done twice by a peer
    /// that had already done it.
    boolean worthAnother(Failure failure, Method method) {
        return failure.where() == Failure.Where.UPSTREAM
                && conditions.contains(condition(failure))
                && (failure.nothingSent() || mayRepeat(method));
    }

    /// Whether an answer of this status is rather asked for at another peer.
    boolean worthAnother(Status status, Method method) {
        return listed(status) && mayRepeat(method);
    }

    /// Whether an answer of this status counts against the peer: a server error that is listed, or too many requests.
    boolean countsAgainst(Status status) {
        return listed(status) && status.code() != 403 && status.code() != 404;
    }

    /// Whether doing it twice is allowed for.
    boolean mayRepeat(Method method) {
        return method.isIdempotent() || conditions.contains(Condition.NON_IDEMPOTENT);
    }

    private boolean listed(Status status) {
        return switch (status.code()) {
            case 500 -> conditions.contains(Condition.HTTP_500);
            case 502 -> conditions.contains(Condition.HTTP_502);
            case 503 -> conditions.contains(Condition.HTTP_503);
            case 504 -> conditions.contains(Condition.HTTP_504);
            case 403 -> conditions.contains(Condition.HTTP_403);
            case 404 -> conditions.contains(Condition.HTTP_404);
            case 429 -> conditions.contains(Condition.HTTP_429);
            default -> false;
        };
    }

    private static Condition condition(Failure failure) {
        return switch (failure.what()) {
            case TIMED_OUT -> Condition.TIMEOUT;
            case MALFORMED, TOO_LARGE -> Condition.INVALID_HEADER;
            case REFUSED, CLOSED, NO_PEER, OVERLOADED, BUG -> Condition.ERROR;
        };
    }
}
