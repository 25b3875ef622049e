package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.observe.ErrorLog;
import java.util.ArrayList;
import java.util.List;

/// Refuses exchanges while too many of the same key are under way (`limit_conn`). An exchange is counted once, from here to its
/// end.
///
/// @param limits none may be passed
/// @param rules what happens to requests that are refused
/// @param errors where refused requests are logged
public record ConnectionLimitFilter(List<Limit> limits, LimitRules rules, ErrorLog errors) implements RequestFilter {
    private static final String STATUS = "limit_conn_status";

    /// @param most exchanges of one key at a time
    public record Limit(ConnectionZone zone, int most) {
    }

    private record Place(ConnectionZone zone, String key) {
        void leave() {
            zone.leave(key);
        }
    }

    public ConnectionLimitFilter {
        limits = List.copyOf(limits);
    }

    @Override
    public FilterResult filter(Exchange exchange) {
        if (exchange.routing().variable(STATUS).isPresent()) {
            return FilterResult.CONTINUE;
        }
        List<Place> places = new ArrayList<>(limits.size());
        for (Limit limit : limits) {
            ConnectionZone zone = limit.zone;
            String key = LimitRules.key(zone.key(exchange), zone.name(), exchange, errors);
            if (key.isEmpty()) {
                continue;
            }
            if (!zone.enter(key, limit.most)) {
                places.forEach(Place::leave);
                errors.log(rules.level(), exchange,
                        "limiting connections" + (rules.dryRun() ? ", dry run," : "") + " by zone \"" + zone.name() + "\"");
                return rules.refuse(exchange, STATUS);
            }
            places.add(new Place(zone, key));
        }
        if (!places.isEmpty()) {
            exchange.routing().setVariable(STATUS, "PASSED");
            exchange.whenDone(_ -> places.forEach(Place::leave));
        }
        return FilterResult.CONTINUE;
    }

    /// Counts nothing.
    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        if (exchange.routing().variable(STATUS).isPresent()) {
            return FilterResult.CONTINUE;
        }
        for (Limit limit : limits) {
            String key = LimitRules.key(limit.zone.key(exchange), limit.zone.name(), exchange, errors);
            int now = key.isEmpty() ? 0 : limit.zone.countAnywhere(key);
            boolean over = !key.isEmpty() && now >= limit.most;
            into.add("limit", "limit_conn " + limit.zone.name() + " " + limit.most, key.isEmpty()
                    ? "does not count this request: its key is empty"
                    : now + " under way for the key \"" + key + "\"" + (over ? ": refused" : ": passes")).with("refused", over);
            if (over) {
                return rules.refuse(exchange, STATUS);
            }
            exchange.routing().setVariable(STATUS, "PASSED");
        }
        return FilterResult.CONTINUE;
    }
}
