package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Lets requests through at a rate: early ones are delayed, excess ones refused (`limit_req`). An exchange is counted once,
/// however many internal redirects it has.
///
/// @param limits all of them must let it through; the longest wait counts
/// @param rules what happens to requests that are refused
/// @param pause lets requests wait
/// @param millis a clock in milliseconds that does not jump
/// @param errors where refused requests are logged, and delayed ones one level lower
public record RequestLimitFilter(List<Limit> limits, LimitRules rules, Pause pause, LongSupplier millis, ErrorLog errors)
        implements RequestFilter {
    private static final String STATUS = "limit_req_status";

    /// @param burst thousandths of requests that may be ahead of the rate
    /// @param delay thousandths of those that are not delayed; [#NO_DELAY] when none is
    public record Limit(RequestZone zone, long burst, long delay) {
        public static final long NO_DELAY = Long.MAX_VALUE;

        private String name() {
            return zone.name();
        }

        private long millis(long excess) {
            return excess <= delay ? 0 : zone.millis(excess - delay);
        }
    }

    private record Held(Limit limit, String key) {
    }

    /// How long a request has to wait, and which limit makes it wait.
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
        if (exchange.routing().variable(STATUS).isPresent()) {
            return FilterResult.CONTINUE;
        }
        long now = millis.getAsLong();
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
                case RequestZone.Drop.Held() -> held.add(new Held(limit, key));
                case RequestZone.Drop.In(long excess) -> delay = delay.orLonger(limit, excess);
                case RequestZone.Drop.Over(long excess) -> {
                    errors.log(rules.level(), exchange, "limiting requests" + excessText(excess) + " by zone \""
                            + limit.name() + "\"");
                    return refused(exchange, held);
                }
                case RequestZone.Drop.NoRoom() -> {
                    errors.log(Severity.ALERT, exchange, "could not allocate node in zone \"" + limit.name() + "\"");
                    return refused(exchange, held);
                }
            }
        }
        for (Held other : held.reversed()) {
            delay = delay.orLonger(other.limit, other.limit.zone.count(other.key, now));
        }
        if (counted) {
            await(exchange, delay);
        }
        return FilterResult.CONTINUE;
    }

    private FilterResult refused(Exchange exchange, List<Held> held) {
        held.forEach(other -> other.limit.zone.release(other.key));
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
        try {
            if (!pause.pause(exchange.client(), Duration.ofMillis(delay.millis))) {
                throw Failure.downstream(Failure.What.CLOSED, "client closed connection while its request was delayed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.here(Failure.What.OVERLOADED, "interrupted while a request was delayed");
        }
    }

    private String excessText(long excess) {
        return "%s, excess: %d.%03d".formatted(rules.dryRun() ? ", dry run" : "", excess / 1000, excess % 1000);
    }

    private static Severity lower(Severity level) {
        return Severity.values()[Math.max(0, level.ordinal() - 1)];
    }
}
