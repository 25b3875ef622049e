package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/// The parts of a peer's head that control what is done with the response: `X-Accel-*` fields and the status.
///
/// @param ignored names of fields that have no effect (`proxy_ignore_headers`)
/// @param intercepted statuses, from 300 on, that an error page of ours replaces (`proxy_intercept_errors`)
public record ResponseControls(FieldNameSet ignored, IntPredicate intercepted) {
    private static final int MOST_DIGITS = 17;             // fits a long
    private static final Optional<Boolean> YES = Optional.of(true);
    private static final Optional<Boolean> NO = Optional.of(false);

    /// The same with the names of fields in any spelling.
    public static ResponseControls of(Set<String> ignored, IntPredicate intercepted) {
        return new ResponseControls(FieldNameSet.of(ignored), intercepted);
    }

    /// The URI, or the named location with its `@`, that answers in the place of this response (`X-Accel-Redirect`). May be an
    /// empty text, which is no valid URI.
    Optional<String> redirect(ResponseHead head) {
        int at = indexOf(head, "X-Accel-Redirect");
        return at < 0 ? Optional.empty() : Optional.of(head.headers().value(at));
    }

    /// Bytes a second, 0 for no bound (`X-Accel-Limit-Rate`).
    OptionalLong limitRate(ResponseHead head) {
        int at = indexOf(head, "X-Accel-Limit-Rate");
        if (at < 0) {
            return OptionalLong.empty();
        }
        String rate = head.headers().value(at);
        boolean isNumber = !rate.isEmpty() && rate.length() <= MOST_DIGITS && rate.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? OptionalLong.of(Long.parseLong(rate)) : OptionalLong.empty();
    }

    /// Whether the response is buffered, where the peer decides it (`X-Accel-Buffering`).
    Optional<Boolean> buffering(ResponseHead head) {
        int at = indexOf(head, "X-Accel-Buffering");
        if (at < 0) {
            return Optional.empty();
        }
        return switch (head.headers().value(at).toLowerCase(Locale.ROOT)) {
            case "yes" -> YES;
            case "no" -> NO;
            default -> Optional.empty();
        };
    }

    /// True if an error page of ours replaces a response with this status.
    boolean intercepts(Status status) {
        return status.code() >= 300 && intercepted.test(status.code());
    }

    private int indexOf(ResponseHead head, String name) {
        int at = head.headers().indexOf(name, 0);
        return at < 0 || ignored.contains(name) ? -1 : at;
    }
}
