package io.selvage.server.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An attempt that went wrong: where, how, and whether it may be tried again. Classified once, where it is caught.
///
/// The retry rule, the status and the log line are functions of it. Only bugs carry a stack trace.
public final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    /// Which side it went wrong on.
    public enum Where { DOWNSTREAM, UPSTREAM, HERE }

    /// How it went wrong.
    public enum What {
        /// Could not connect, or a lookup found nobody.
        REFUSED,
        /// Silent for longer than a directive allows.
        TIMED_OUT,
        /// Ended or reset before it was complete.
        CLOSED,
        /// Said something that is not the protocol.
        MALFORMED,
        /// Larger than a directive allows.
        TOO_LARGE,
        /// No peer may be used now.
        NO_PEER,
        /// More than may be done at once.
        OVERLOADED,
        /// No room on a file system.
        NO_SPACE,
        /// A programming error of ours.
        BUG
    }

    private final Where where;
    private final What what;
    private final boolean nothingSent;
    private final boolean logged;
    private final int retryAfterSeconds;

    /// @param nothingSent whether certainly no byte of the request reached an application
    /// @param detail for the error log: who and why, in a few words
    public Failure(Where where, What what, boolean nothingSent, String detail, @Nullable Throwable cause) {
        this(where, what, nothingSent, detail, cause, false, 0);
    }

    private Failure(Where where, What what, boolean nothingSent, String detail, @Nullable Throwable cause, boolean logged,
            int retryAfterSeconds) {
        super(detail, cause, false, what == What.BUG);
        this.where = where;
        this.what = what;
        this.nothingSent = nothingSent;
        this.logged = logged;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public static Failure downstream(What what, String detail) {
        return new Failure(Where.DOWNSTREAM, what, false, detail, null);
    }

    public static Failure upstream(What what, boolean nothingSent, String detail) {
        return new Failure(Where.UPSTREAM, what, nothingSent, detail, null);
    }

    public static Failure here(What what, String detail) {
        return new Failure(Where.HERE, what, true, detail, null);
    }

    public static Failure bug(Throwable cause) {
        return new Failure(Where.HERE, What.BUG, false, String.valueOf(cause), cause);
    }

    public Where where() {
        return where;
    }

    public What what() {
        return what;
    }

    /// Whether certainly no byte of the request reached an application.
    public boolean nothingSent() {
        return nothingSent;
    }

    /// True if the error log has it already.
    public boolean isLogged() {
        return logged;
    }

    /// The same failure, marked as logged: whoever answers the request does not log it again.
    public Failure asLogged() {
        return new Failure(where, what, nothingSent, detail(), getCause(), true, retryAfterSeconds);
    }

    /// The same failure, whose answer says when the client may try again (RFC 9110 §10.2.3).
    public Failure withRetryAfter(int seconds) {
        return new Failure(where, what, nothingSent, detail(), getCause(), logged, seconds);
    }

    /// The fields that go with the answer.
    public Headers fields() {
        return retryAfterSeconds > 0 ? Headers.of("Retry-After", Integer.toString(retryAfterSeconds)) : Headers.EMPTY;
    }

    public String detail() {
        return Optional.ofNullable(getMessage()).orElse("");
    }

    /// The status that the client gets for it.
    public Status status() {
        return switch (where) {
            case DOWNSTREAM -> switch (what) {
                case TIMED_OUT -> Status.REQUEST_TIMEOUT;
                case TOO_LARGE -> Status.CONTENT_TOO_LARGE;
                case CLOSED -> Status.CLIENT_CLOSED;
                case REFUSED, MALFORMED, NO_PEER, OVERLOADED, NO_SPACE, BUG -> Status.BAD_REQUEST;
            };
            case UPSTREAM -> switch (what) {
                case TIMED_OUT -> Status.GATEWAY_TIMEOUT;
                case OVERLOADED -> Status.SERVICE_UNAVAILABLE;
                case NO_PEER, REFUSED, CLOSED, MALFORMED, TOO_LARGE, NO_SPACE, BUG -> Status.BAD_GATEWAY;
            };
            case HERE -> switch (what) {
                case OVERLOADED -> Status.SERVICE_UNAVAILABLE;
                case NO_SPACE -> Status.INSUFFICIENT_STORAGE;
                case REFUSED, TIMED_OUT, CLOSED, MALFORMED, TOO_LARGE, NO_PEER, BUG -> Status.INTERNAL_SERVER_ERROR;
            };
        };
    }
}
