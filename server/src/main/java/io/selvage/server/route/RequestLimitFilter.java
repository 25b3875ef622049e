package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Limits the rate of requests: requests above the rate are delayed, and those above the burst are refused (`limit_req`).
/// An exchange is counted once, even if it is redirected internally.
///
/// @param limits a request must pass all of them; the longest delay applies
/// @param rules how requests are refused
/// @param pause delays requests
/// @param millis a monotonic clock in milliseconds
/// @param errors the log for refused requests, and one level lower for delayed ones
public record RequestLimitFilter(List<Limit> limits, LimitRules rules, Pause pause, LongSupplier millis, ErrorLog errors)
        implements RequestFilter {
    private static final String STATUS = "limit_req_status";

    /// One zone and the burst that is allowed in it.
    ///
    /// @param burst how far requests may exceed the rate before they are refused, in thousandths of a request
    /// @param delay the part of the burst that is not delayed, in thousandths of a request; [#NO_DELAY] to delay none
    public record Limit(RequestZone zone, long burst, long delay) {
        /// All requests within the burst pass at once (`nodelay`).
        public static final long NO_DELAY = Long.MAX_VALUE;

        private String name() {
            return zone.name();
        }

        private long millis(long excess) {
            return excess <= delay ? 0 : zone.millis(excess - delay);
        }
    }

    /// A bucket that is held until every limit was checked.
    private record Held(Limit limit, String key, RequestZone.Drop.Held bucket) {
    }

    /// The delay of a request, and the limit that demands it.
    private record Delay(long millis, long excess, Limit limit) {
        Delay orLonger(Limit other, long otherExcess) {
            long otherMillis = other.millis(otherExcess);
            return otherMillis > millis ? new Delay(otherMillis, otherExcess, other) : this;
        }
    }

    public RequestLimitFilter {
        limits = List.copyOf(limits);
    }

    @Override
    public FilterResult filter(Exchange exchange) throws Failure {
        return exchange.routing().variable(STATUS).isPresent() ? FilterResult.CONTINUE : limit(exchange, millis.getAsLong());
    }

    /// Counts nothing and delays nothing.
    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        if (exchange.routing().variable(STATUS).isPresent()) {
            return FilterResult.CONTINUE;
        }
        for (Limit limit : limits) {
            String key = LimitRules.key(limit.zone.key(exchange), limit.name(), exchange, errors);
            long excess = key.isEmpty() ? 0 : limit.zone.excess(key, millis.getAsLong());
            boolean over = excess > limit.burst;
            long delay = limit.millis(excess);
            into.add("limit", "limit_req " + limit.name(), key.isEmpty() ? "does not count this request: its key is empty"
                    : "%d.%03d above the rate for the key \"%s\", burst %d: %s".formatted(excess / 1000, excess % 1000, key,
                            limit.burst / 1000, over ? "refused" : delay > 0 ? "delayed by " + delay + " ms" : "passes"))
                    .with("refused", over);
            if (over) {
                return rules.refuse(exchange, STATUS);
            }
        }
        exchange.routing().setVariable(STATUS, "PASSED");
        return FilterResult.CONTINUE;
    }

    private FilterResult limit(Exchange exchange, long now) throws Failure {
        List<Held> held = new ArrayList<>(limits.size());
        Delay delay = new Delay(0, 0, limits.getLast());
        boolean counted = false;
        for (Limit limit : limits) {
            String key = LimitRules.key(limit.zone.key(exchange), limit.name(), exchange, errors);
            if (key.isEmpty()) {
                continue;
            }
            counted = true;
            switch (limit.zone.drop(key, limit.burst, limit == limits.getLast(), now)) {
                case RequestZone.Drop.Held bucket -> held.add(new Held(limit, key, bucket));
                case RequestZone.Drop.In(long excess) -> delay = delay.orLonger(limit, excess);
                case RequestZone.Drop.Over(long excess) -> {
                    return refuseExcess(exchange, limit, excess, held);
                }
                case RequestZone.Drop.NoRoom() -> {
                    return refuseUncounted(exchange, limit, held);
                }
            }
        }
        return counted ? admit(exchange, held, delay, now) : FilterResult.CONTINUE;
    }

    /// Counts the request in every held bucket, then delays it by the longest delay.
    private FilterResult admit(Exchange exchange, List<Held> held, Delay delay, long now) throws Failure {
        Delay longest = delay;
        for (Held other : held.reversed()) {
            longest = longest.orLonger(other.limit, other.limit.zone.count(other.key, other.bucket, now));
        }
        await(exchange, longest);
        return FilterResult.CONTINUE;
    }

    private FilterResult refuseExcess(Exchange exchange, Limit limit, long excess, List<Held> held) {
        errors.log(rules.level(), exchange, "limiting requests" + excessText(excess) + " by zone \"" + limit.name() + "\"");
        return refuse(exchange, held);
    }

    private FilterResult refuseUncounted(Exchange exchange, Limit limit, List<Held> held) {
        errors.log(Severity.ALERT, exchange, "could not allocate node in zone \"" + limit.name() + "\"");
        return refuse(exchange, held);
    }

    private FilterResult refuse(Exchange exchange, List<Held> held) {
        held.forEach(other -> other.limit.zone.release(other.key, other.bucket));
        return rules.refuse(exchange, STATUS);
    }

    private void await(Exchange exchange, Delay delay) throws Failure {
        if (delay.millis == 0) {
            exchange.routing().setVariable(STATUS, "PASSED");
            return;
        }
        errors.log(lower(rules.level()), exchange,
                "delaying request" + excessText(delay.excess) + ", by zone \"" + delay.limit.name() + "\"");
        exchange.routing().setVariable(STATUS, rules.dryRun() ? "DELAYED_DRY_RUN" : "DELAYED");
        if (rules.dryRun()) {
            return;
        }
        pause.delay(exchange, Duration.ofMillis(delay.millis));
    }

    private String excessText(long excess) {
        return "%s, excess: %d.%03d".formatted(rules.dryRun() ? ", dry run" : "", excess / 1000, excess % 1000);
    }

    private static Severity lower(Severity level) {
        return Severity.values()[Math.max(0, level.ordinal() - 1)];
    }
}
