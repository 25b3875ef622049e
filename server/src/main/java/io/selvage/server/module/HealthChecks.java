package io.selvage.server.module;

import io.selvage.loadbalancer.HealthCheck;
import io.selvage.server.config.Section;
import io.selvage.server.module.HealthModule.HealthSettings;
import io.selvage.server.module.UpstreamModule.UpstreamSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The active health checks of the locations of one configuration. A check is the same as one of another configuration if it is
/// written the same in a location of the same name.
final class HealthChecks {
    private final Map<Section, HealthCheck> byLocation = new IdentityHashMap<>();
    private final Map<String, List<HealthCheck>> byUpstream = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    HealthChecks(Section http) {
        for (Section server : http.inside(Contexts.SERVER)) {
            String site = ServerModule.name(server);
            server.inside(Contexts.LOCATION).forEach(location -> add(site, location));
        }
    }

    private void add(String site, Section location) {
        UpstreamSettings passed = location.get(UpstreamSettings.class);
        location.get(HealthSettings.class).check().ifPresent(line -> {
            if (passed.target().isPresent()
                    && passed.target().get().peers() instanceof PassTarget.Destination.Group(String name)) {
                HealthCheckLine.Counts counts = line.counts();
                String place = site + String.join("", LocationMatch.of(location.scope()).map(LocationMatch::words)
                        .orElse(List.of()));
                HealthCheck check = new HealthCheck(unique(name + " " + place + " " + String.join(" ", line.words())),
                        counts.fails(), counts.passes(), counts.mandatory(), counts.persistent());
                byLocation.put(location, check);
                byUpstream.computeIfAbsent(name, _ -> new ArrayList<>()).add(check);
            }
        });
        location.inside(Contexts.LOCATION).forEach(inner -> add(site, inner));
    }

    private String unique(String id) {
        String free = id;
        for (int i = 2; !ids.add(free); i++) {
            free = id + " " + i;
        }
        return free;
    }

    /// The check of a location that has one.
    HealthCheck of(Section location) {
        HealthCheck check = byLocation.get(location);
        if (check == null) {
            throw new IllegalStateException("the location has no health check");
        }
        return check;
    }

    /// The checks of an upstream.
    List<HealthCheck> of(String upstream) {
        return byUpstream.getOrDefault(upstream, List.of());
    }
}
