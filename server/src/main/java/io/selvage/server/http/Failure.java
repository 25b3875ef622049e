package io.selvage.server.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An attempt that went wrong: where, how, and whether it may be tried again. Classified once, where it is caught. Immutable.
///
/// The retry rule, the status and the log line are functions of it. Only bugs carry a stack trace.
public final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    /// Which side it went wrong on: that of the client, that of a peer, or this server.
    public enum Where { DOWNSTREAM, UPSTREAM, HERE }

    /// How it went wrong.
    public enum What {
        /// A connection could not be made, a lookup found no address, or a rule of the configuration forbids it.
        REFUSED,
        /// Silent for longer than a directive allows.
        TIMED_OUT,
        /// Ended or reset before it was complete.
        CLOSED,
        /// Sent bytes that violate the protocol.
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

    /// @param nothingSent for a failure of a peer: true if certainly no byte of the request reached an application
    /// @param detail for the error log: who and why, in a few words
    /// @param cause null if there is none; its stack trace is logged for bugs only
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

    /// The client, or its connection, failed. Never retried.
    public static Failure downstream(What what, String detail) {
        return new Failure(Where.DOWNSTREAM, what, false, detail, null);
    }

    /// A peer failed, or none could be chosen. `proxy_next_upstream` decides whether another peer gets the request.
    public static Failure upstream(What what, boolean nothingSent, String detail) {
        return new Failure(Where.UPSTREAM, what, nothingSent, detail, null);
    }

    /// This server failed: a limit was reached, the configuration was wrong, or there was no room. Never retried.
    public static Failure here(What what, String detail) {
        return new Failure(Where.HERE, what, true, detail, null);
    }

    /// An exception that the code does not expect. The error log gets the stack trace of the cause.
    public static Failure bug(Throwable cause) {
        return new Failure(Where.HERE, What.BUG, false, String.valueOf(cause), cause);
    }

    public Where where() {
        return where;
    }

    public What what() {
        return what;
    }

    /// True if certainly no byte of the request reached an application. It counts for failures of a peer only: one of this
    /// server has always true, even after a peer got the request.
    public boolean nothingSent() {
        return nothingSent;
    }

    /// True if the error log has it already.
    public boolean isLogged() {
        return logged;
    }

    /// The same failure, marked as logged, so that it is not logged again with the answer.
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

    /// The text for the error log; empty if there is none. Never sent to the client.
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
