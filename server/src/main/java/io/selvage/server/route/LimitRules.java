package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// What happens to requests over a limit (`limit_req_status`, `limit_conn_status` and their like).
///
/// @param status of the answer
/// @param level at which they are logged
/// @param dryRun whether they are only counted and logged, not refused
public record LimitRules(Status status, Severity level, boolean dryRun) {
    /// Refused with 503 and logged as errors, as in nginx.
    public static final LimitRules DEFAULT = new LimitRules(Status.SERVICE_UNAVAILABLE, Severity.ERROR, false);

    private static final int LONGEST_KEY = 65_535;

    /// Refuses, and sets the variable of this name.
    FilterResult refuse(Exchange exchange, String variable) {
        exchange.routing().setVariable(variable, dryRun ? "REJECTED_DRY_RUN" : "REJECTED");
        return dryRun ? FilterResult.CONTINUE : new Answer.StatusOnly(status);
    }

    /// The key as it counts: an overlong one counts as none.
    static String key(String key, String zone, Exchange exchange, ErrorLog errors) {
        if (key.length() <= LONGEST_KEY) {
            return key;
        }
        errors.log(Severity.ERROR, exchange, "the key of zone \"" + zone + "\" is more than 65535 bytes long");
        return "";
    }
}
