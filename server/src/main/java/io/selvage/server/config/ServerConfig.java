package io.selvage.server.config;

import java.util.List;

/// A virtual host: `server`.
///
/// @param listens never empty
/// @param names never empty; a server without a name has the empty one
/// @param own what is in force outside all locations, and in [LocationConfig#locations()] the locations. Its action is taken
///     when no location matches, but a [Action.Return] comes before any location is looked for
public record ServerConfig(List<Listen> listens, List<ServerName> names, HeadConfig head, LocationConfig own) {
    public ServerConfig {
        listens = List.copyOf(listens);
        names = List.copyOf(names);
    }

    public List<LocationConfig> locations() {
        return own.locations();
    }
}
