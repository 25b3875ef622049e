package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import io.selvage.server.http.Status;
import java.time.Duration;
import java.util.Set;

/// When a request is sent to another peer (`proxy_next_upstream` and its bounds), and what counts against a peer.
///
/// @param conditions the events after which another peer is tried
/// @param tries the most peers for one request, 0 for no bound (`proxy_next_upstream_tries`)
/// @param time after which no further attempt starts, zero for no bound (`proxy_next_upstream_timeout`)
public record NextUpstream(Set<Condition> conditions, int tries, Duration time) {
    /// Only one peer is tried (`proxy_next_upstream off`).
    public static final NextUpstream OFF = new NextUpstream(Set.of(), 0, Duration.ZERO);

    /// What can happen at a peer, named as in the directive.
    public enum Condition {
        ERROR, TIMEOUT, INVALID_HEADER, HTTP_500, HTTP_502, HTTP_503, HTTP_504, HTTP_403, HTTP_404, HTTP_429,
        /// Not an event: requests that are not idempotent are retried as well.
        NON_IDEMPOTENT
    }

    public NextUpstream {
        conditions = Set.copyOf(conditions);
        if (tries < 0 || time.isNegative()) {
            throw new IllegalArgumentException("next upstream: tries " + tries + ", time " + time);
        }
    }

    /// True if the bounds allow another attempt.
    boolean allowsAnother(int triesBefore, long elapsedNanos) {
        return (tries == 0 || triesBefore < tries) && (time.isZero() || elapsedNanos < time.toNanos());
    }

    /// True if another peer is tried after this failure, which came before a response. Never where two peers could process a
    /// request that may be processed only once.
    boolean isRetried(Failure failure, Method method) {
        return failure.where() == Failure.Where.UPSTREAM
                && conditions.contains(condition(failure))
                && (failure.nothingSent() || mayRepeat(method));
    }

    /// True if another peer is tried after a response with this status.
    boolean isRetried(Status status, Method method) {
        return listed(status) && mayRepeat(method);
    }

    /// True if a response with this status counts against the peer: a listed server error, or 429.
    boolean countsAgainst(Status status) {
        return listed(status) && status.code() != 403 && status.code() != 404;
    }

    /// True if a peer may get such a request twice.
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
            case REFUSED, CLOSED, NO_PEER, OVERLOADED, NO_SPACE, BUG -> Condition.ERROR;
        };
    }
}
