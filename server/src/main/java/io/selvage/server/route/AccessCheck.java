package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;

/// One check on whether a client is allowed: its address, its password, or the answer of another server.
@FunctionalInterface
public interface AccessCheck {

    Verdict check(Exchange exchange) throws Failure;

    /// Explains what [#check] would find. Sends nothing.
    ///
    /// @param into gets what is found out
    /// @return what [#check] would return as far as that is known; otherwise, that it allows the request
    default Verdict explain(Exchange exchange, Explanation into) throws Failure {
        into.add("check", Explanation.nameOf(this), "is made; taken as allowed here");
        return Verdict.ALLOWED;
    }

    /// The result of a check.
    sealed interface Verdict {
        Verdict ALLOWED = new Allowed();
        Verdict SILENT = new Silent();

        /// This check allows the request.
        record Allowed() implements Verdict {
        }

        /// This check does not apply to the request.
        record Silent() implements Verdict {
        }

        /// This check denies the request.
        ///
        /// @param answer 403, or 401 where a password would help
        /// @param reason for the error log, in a few words; empty if the check has logged it
        record Denied(Answer.StatusOnly answer, String reason) implements Verdict {
        }
    }
}
