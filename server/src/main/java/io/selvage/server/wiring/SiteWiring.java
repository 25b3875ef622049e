package io.selvage.server.wiring;

import io.selvage.server.config.LocationConfig;
import io.selvage.server.config.ServerConfig;
import io.selvage.server.config.ServerName;
import io.selvage.server.route.Location;
import io.selvage.server.route.Site;
import io.selvage.server.route.SiteName;
import java.util.List;

/// A virtual host.
///
/// @param shared what it shares with others
record SiteWiring(ConfigScope shared, ServerConfig server) {

    Site site() {
        LocationConfig own = server.own();
        LocationWiring outside = new LocationWiring(shared, server, own);
        List<Location> locations = own.locations().stream()
                .map(location -> new LocationWiring(shared, server, location).location()).toList();
        return new Site(told(server), server.names().stream().map(SiteWiring::name).toList(), outside.rewrites(),
                outside.location(), locations);
    }

    /// What `$server_name` says: `.domain` without its dot, the name of the machine, or else what is written.
    static String told(ServerConfig server) {
        ServerName name = server.names().getFirst();
        return switch (name) {
            case ServerName.Hostname() -> ConfigScope.hostname();
            case ServerName.Under(var domain, boolean orItself) when orItself -> domain;
            case ServerName.Exact _, ServerName.Under _, ServerName.Starting _, ServerName.Matching _ -> name.written();
        };
    }

    private static SiteName name(ServerName name) {
        return switch (name) {
            case ServerName.Exact(var host) -> new SiteName.Exact(host);
            case ServerName.Under(var domain, boolean orItself) -> new SiteName.Under(domain, orItself);
            case ServerName.Starting(var start) -> new SiteName.Starting(start);
            case ServerName.Matching(var regex) -> new SiteName.Matching(regex);
            case ServerName.Hostname() -> new SiteName.Exact(ConfigScope.hostname());
        };
    }
}
