package io.selvage.server.route;

import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.util.Set;

/// What is shown in place of a status without a body (`error_page`).
///
/// @param codes the statuses it is for
/// @param shown which status the client sees with it
/// @param target a path with or without a query, the `@name` of a location, or a URL to redirect to
public record ErrorPage(Set<Integer> codes, Shown shown, Text target) {
    /// nginx's own status for a head that is too large. Configurations name it; the client gets 400 with such a page, and 431
    /// where no page is configured for it.
    static final Status HEAD_TOO_LARGE = Status.of(494);

    /// nginx's own statuses, which no client sees: heads that are too large, and requests that do not go with TLS.
    private static final Set<Integer> UNSEEN = Set.of(494, 495, 496, 497);

    public ErrorPage {
        codes = Set.copyOf(codes);
    }

    /// The status that a client sees with the page for a status.
    static Status shown(Status status) {
        return UNSEEN.contains(status.code()) ? Status.BAD_REQUEST : status;
    }

    /// Which status the client sees.
    public sealed interface Shown {
        /// The one that led here.
        record Original() implements Shown {
        }

        /// The one that the page itself has (`=`).
        record Own() implements Shown {
        }

        /// Another (`=200`).
        record Fixed(Status status) implements Shown {
        }
    }
}
