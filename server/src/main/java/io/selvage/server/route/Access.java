package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.AccessCheck.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Allows or denies the request of a client (`satisfy`).
///
/// @param anyOne true if one check that allows the request is enough; else no check may deny it
/// @param checks in their order
/// @param delay how long an answer that asks for credentials is held back (`auth_delay`)
/// @param pause holds it back
/// @param errors where denied requests are logged, with the reason
public record Access(boolean anyOne, List<AccessCheck> checks, Duration delay, Pause pause, ErrorLog errors)
        implements RequestFilter {
    public Access {
        checks = List.copyOf(checks);
    }

    @Override
    public FilterResult filter(Exchange exchange) throws Failure {
        if (exchange.isSubrequest()) {
            return FilterResult.CONTINUE;                      // the request that it belongs to was allowed
        }
        Optional<Verdict.Denied> denied = Optional.empty();
        for (int i = 0; i < checks.size(); i++) {
            switch (checks.get(i).check(exchange)) {
                case Verdict.Silent() -> { }
                case Verdict.Allowed() -> {
                    if (anyOne) {
                        return FilterResult.CONTINUE;
                    }
                }
                case Verdict.Denied no -> {
                    if (!anyOne || !mayBeOverruled(no)) {
                        return denied(exchange, no);
                    }
                    denied = denied.filter(Access::asksForPassword).or(() -> Optional.of(no));
                }
            }
        }
        return denied.isPresent() ? denied(exchange, denied.get()) : FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) throws Failure {
        Explanation step = into.add("access", checks.size() > 1 ? anyOne ? "satisfy any" : "satisfy all" : "", "");
        List<AccessCheck> explained = checks.stream()
                .<AccessCheck>map(check -> of -> check.explain(of, step)).toList();
        FilterResult result = new Access(anyOne, explained, Duration.ZERO, pause, errors).filter(exchange);
        step.says(result instanceof Answer.StatusOnly(var status, _) ? "denied: " + status.code() : "allowed");
        step.with("allowed", result == FilterResult.CONTINUE);
        return result;
    }

    private static boolean asksForPassword(Verdict.Denied denied) {
        return denied.answer().status().equals(Status.UNAUTHORIZED);
    }

    /// A check that could not be made is not overruled by another one.
    private static boolean mayBeOverruled(Verdict.Denied denied) {
        return asksForPassword(denied) || denied.answer().status().equals(Status.FORBIDDEN);
    }

    private Answer denied(Exchange exchange, Verdict.Denied denied) throws Failure {
        if (!denied.reason().isEmpty()) {
            errors.log(Severity.ERROR, exchange, denied.reason());
        }
        if (delay.isPositive() && asksForPassword(denied)) {
            errors.log(Severity.INFO, exchange, "delaying unauthorized request");
            pause.delay(exchange, delay);
        }
        return denied.answer();
    }
}
