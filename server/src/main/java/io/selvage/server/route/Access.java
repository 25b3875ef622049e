package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.AccessCheck.Verdict;
import java.util.List;
import java.util.Optional;

/// Allows or denies the request of a client (`satisfy`).
///
/// @param anyOne true if one check that allows the request is enough; else no check may deny it
/// @param checks in their order
/// @param errors where denied requests are logged, with the reason
public record Access(boolean anyOne, List<AccessCheck> checks, ErrorLog errors) implements RequestFilter {
    public Access {
        checks = List.copyOf(checks);
    }

    @Override
    public FilterResult filter(Exchange exchange) throws Failure {
        if (exchange.isSubrequest()) {
            return FilterResult.CONTINUE;                      // the request that it belongs to was allowed
        }
        Optional<Verdict.Denied> denied = Optional.empty();
        for (AccessCheck check : checks) {
            switch (check.check(exchange)) {
                case Verdict.Silent() -> { }
                case Verdict.Allowed() -> {
                    if (anyOne) {
                        return FilterResult.CONTINUE;
                    }
                }
                case Verdict.Denied no -> {
                    if (!anyOne) {
                        return denied(exchange, no);
                    }
                    denied = denied.filter(Access::asksForPassword).or(() -> Optional.of(no));
                }
            }
        }
        return denied.isPresent() ? denied(exchange, denied.get()) : FilterResult.CONTINUE;
    }

    private static boolean asksForPassword(Verdict.Denied denied) {
        return denied.answer().status().equals(Status.UNAUTHORIZED);
    }

    private Answer denied(Exchange exchange, Verdict.Denied denied) {
        errors.log(Severity.ERROR, exchange, denied.reason());
        return denied.answer();
    }
}
