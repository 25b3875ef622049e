package io.selvage.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is shared by all servers, and the servers.
public record HttpConfig(
        List<LogFormatConfig> logFormats,
        List<LimitRequestsZone> limitRequestsZones,
        List<LimitConnectionsZone> limitConnectionsZones,
        List<UpstreamConfig> upstreams,
        List<ServerConfig> servers) {
    public HttpConfig {
        logFormats = List.copyOf(logFormats);
        limitRequestsZones = List.copyOf(limitRequestsZones);
        limitConnectionsZones = List.copyOf(limitConnectionsZones);
        upstreams = List.copyOf(upstreams);
        servers = List.copyOf(servers);
    }

    /// What to bind, in order of appearance, and who answers there.
    public List<ListenerConfig> listeners() {
        Map<Address, ListenerConfig> listeners = new LinkedHashMap<>();
        for (ServerConfig server : servers) {
            for (Listen listen : server.listens()) {
                listeners.merge(listen.address(), new ListenerConfig(listen, List.of(server)), ListenerConfig::with);
            }
        }
        return new ArrayList<>(listeners.values());
    }
}
