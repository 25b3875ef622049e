package io.selvage.server.wiring;

import io.selvage.server.config.AccessConfig;
import io.selvage.server.config.AccessRule.Clients;
import io.selvage.server.config.LimitsConfig;
import io.selvage.server.http.Status;
import io.selvage.server.net.Cidr;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.Access;
import io.selvage.server.route.AccessRules;
import io.selvage.server.route.ConnectionLimitFilter;
import io.selvage.server.route.LimitRate;
import io.selvage.server.route.LimitRules;
import io.selvage.server.route.Pause;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.RequestLimitFilter;
import java.util.ArrayList;
import java.util.List;

/// The filters of one location that hold requests back or turn them away, in nginx's order.
///
/// @param scope what the location's handlers are made from
record LimitsWiring(LocationScope scope) {

    List<RequestFilter> filters() {
        LimitsConfig limits = scope.settings().limits();
        List<RequestFilter> filters = new ArrayList<>();
        if (limits.rate() > 0) {
            filters.add(new LimitRate(_ -> limits.rate(), _ -> limits.rateAfter()));
        }
        if (!limits.requests().isEmpty()) {
            LimitRules rules = rules(limits.requestsStatus(), limits.requestsLogLevel(), limits.requestsDryRun());
            filters.add(new RequestLimitFilter(limits.requests().stream().map(this::limit).toList(), rules, Pause.REAL,
                    () -> System.nanoTime() / 1_000_000, scope.errorLog()));
        }
        if (!limits.connections().isEmpty()) {
            LimitRules rules = rules(limits.connectionsStatus(), limits.connectionsLogLevel(), limits.connectionsDryRun());
            filters.add(new ConnectionLimitFilter(limits.connections().stream().map(this::limit).toList(), rules,
                    scope.errorLog()));
        }
        AccessConfig access = scope.settings().access();
        if (!access.rules().isEmpty()) {
            filters.add(new Access(false, List.of(new AccessRules(access.rules().stream()
                    .map(rule -> new AccessRules.Rule(rule.allow(), whom(rule.clients()))).toList())), scope.errorLog()));
        }
        return filters;
    }

    private static LimitRules rules(int status, LimitsConfig.LogLevel level, boolean dryRun) {
        return new LimitRules(Status.of(status), Severity.valueOf(level.name()), dryRun);
    }

    private RequestLimitFilter.Limit limit(io.selvage.server.config.LimitRequests limit) {
        long delay = limit.undelayed() == Integer.MAX_VALUE ? RequestLimitFilter.Limit.NO_DELAY : limit.undelayed() * 1000L;
        return new RequestLimitFilter.Limit(scope.shared().requestZone(limit.zone()), limit.burst() * 1000L, delay);
    }

    private ConnectionLimitFilter.Limit limit(io.selvage.server.config.LimitConnections limit) {
        return new ConnectionLimitFilter.Limit(scope.shared().connectionZone(limit.zone()), limit.most());
    }

    private static AccessRules.Whom whom(Clients clients) {
        return switch (clients) {
            case Clients.All() -> new AccessRules.Whom.Everybody();
            case Clients.Unix() -> new AccessRules.Whom.UnixSockets();
            case Clients.Network(var address, int bits) -> new AccessRules.Whom.Block(new Cidr(address, bits));
        };
    }
}
