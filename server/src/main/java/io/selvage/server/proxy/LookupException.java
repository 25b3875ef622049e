package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.io.IOException;
import java.net.PortUnreachableException;
import org.jspecify.annotations.Nullable;

/// A lookup that brought no address. The message is the reason as nginx writes it: a code of DNS, or the errno of a time-out, and
/// words.
final class LookupException extends IOException {
    private static final long serialVersionUID = 1;
    private static final String TIMED_OUT = "110: Operation timed out";

    private final Failure.What what;

    private LookupException(Failure.What what, String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.what = what;
    }

    static LookupException notFound() {
        return new LookupException(Failure.What.NO_PEER, "3: Host not found", null);
    }

    static LookupException timedOut() {
        return new LookupException(Failure.What.NO_PEER, TIMED_OUT, null);
    }

    static LookupException tooMany() {
        return new LookupException(Failure.What.OVERLOADED, "too many lookups are waiting", null);
    }

    /// A response of a name server that is an error.
    static LookupException refused(int code) {
        return new LookupException(Failure.What.NO_PEER, code + ": " + meaning(code), null);
    }

    private static String meaning(int code) {
        return switch (code) {
            case 1 -> "Format error";
            case 2 -> "Server failure";
            case 3 -> "Host not found";
            case 4 -> "Unimplemented";
            case 5 -> "Operation refused";
            default -> "Unknown error";
        };
    }

    /// @param failure of a future; null where it had a result, but an empty one
    static LookupException ofFuture(@Nullable Throwable failure) {
        return failure == null ? notFound() : failed(DnsServers.unwrapped(failure));
    }

    static LookupException failed(Throwable cause) {
        return cause instanceof LookupException known ? known
                : new LookupException(Failure.What.NO_PEER, cause instanceof PortUnreachableException
                        ? "111: Connection refused" : cause.toString(), cause);
    }

    boolean isTimeout() {
        return TIMED_OUT.equals(getMessage());
    }

    /// The failure of a request that needs the host.
    Failure asFailure(String host) {
        return new Failure(Failure.Where.UPSTREAM, what, true, host + " could not be resolved (" + getMessage() + ")", this);
    }
}
