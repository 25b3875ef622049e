package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// One address to bind, and the servers that answer there.
///
/// @param listen the address with the options that any of the servers gave it
/// @param servers never empty; the first is the one that answers when no name fits
public record ListenerConfig(Listen listen, List<ServerConfig> servers) {
    public ListenerConfig {
        servers = List.copyOf(servers);
    }

    ListenerConfig with(ListenerConfig other) {
        var all = new ArrayList<>(servers);
        all.addAll(other.listen.defaultServer() ? 0 : all.size(), other.servers);
        return new ListenerConfig(other.listen.hasOptions() ? other.listen : listen, all);
    }
}
