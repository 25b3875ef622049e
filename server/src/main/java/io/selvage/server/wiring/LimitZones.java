package io.selvage.server.wiring;

import io.selvage.server.config.LimitConnectionsZone;
import io.selvage.server.config.LimitRequestsZone;
import io.selvage.server.route.ConnectionZone;
import io.selvage.server.route.RequestZone;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The zones of limits. One that means the same after a reload keeps its counters.
final class LimitZones {
    private final Map<LimitRequestsZone, RequestZone> requests = new ConcurrentHashMap<>();
    private final Map<LimitConnectionsZone, ConnectionZone> connections = new ConcurrentHashMap<>();

    RequestZone of(LimitRequestsZone zone, Templates templates) {
        long perSecond = zone.requests() * 1000L / Math.max(1, zone.per().toSeconds());
        return requests.computeIfAbsent(zone, _ -> new RequestZone(zone.name(), templates.text(zone.key()), perSecond,
                zone.size()));
    }

    ConnectionZone of(LimitConnectionsZone zone, Templates templates) {
        return connections.computeIfAbsent(zone, _ -> new ConnectionZone(zone.name(), templates.text(zone.key()), zone.size()));
    }
}
