package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;

/// One check on whether a client is allowed: its address, its password, or the answer of another server.
@FunctionalInterface
public interface AccessCheck {

    Verdict check(Exchange exchange) throws Failure;

    /// What a check finds.
    sealed interface Verdict {
        Verdict ALLOWED = new Allowed();
        Verdict SILENT = new Silent();

        /// May come in, as far as this check goes.
        record Allowed() implements Verdict {
        }

        /// This check has nothing to say.
        record Silent() implements Verdict {
        }

        /// May not.
        ///
        /// @param answer 403, or 401 where a password would help
        /// @param reason for the error log, in a few words
        record Denied(Answer.StatusOnly answer, String reason) implements Verdict {
        }
    }
}
