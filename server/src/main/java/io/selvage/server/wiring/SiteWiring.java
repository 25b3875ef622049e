package io.selvage.server.wiring;

import io.selvage.server.config.Section;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.module.ConfigScope;
import io.selvage.server.module.Contexts;
import io.selvage.server.module.LocationBuilder;
import io.selvage.server.module.ServerModule;
import io.selvage.server.module.TlsPolicies;
import io.selvage.server.route.Location;
import io.selvage.server.route.Site;
import io.selvage.server.tls.TlsPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A virtual host as built from its `server` block.
///
/// @param site its handlers
/// @param client the options of client connections outside all locations
/// @param tls what it offers in TLS handshakes; empty if it has no certificate
record SiteWiring(Site site, ClientOptions client, Optional<TlsPolicy> tls) {

    /// @param shared the objects that all sites of the configuration share
    /// @throws IOException if a certificate cannot be used
    /// @throws java.io.UncheckedIOException if a log cannot be written
    static SiteWiring of(ConfigScope shared, Section server) throws IOException {
        LocationBuilder outside = LocationBuilder.assembled(shared, server, server);
        Site site = new Site(ServerModule.name(server), server.get(ServerModule.SiteSettings.class).names(), outside.rewrites(),
                outside.build(List.of()), locations(shared, server, server));
        return new SiteWiring(site.with(TlsPolicies.rule(shared, server)), outside.client(),
                TlsPolicies.of(shared, server, site.root().options()));
    }

    private static List<Location> locations(ConfigScope shared, Section server, Section outer) {
        return outer.inside(Contexts.LOCATION).stream()
                .map(location -> LocationBuilder.assembled(shared, server, location)
                        .build(locations(shared, server, location)))
                .toList();
    }
}
