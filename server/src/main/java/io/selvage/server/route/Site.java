package io.selvage.server.route;

import java.util.List;

/// A virtual host (`server {}`).
///
/// @param name the first name as it is written, empty for none; `$server_name`
/// @param names all its names
/// @param rewrites what is done before a location is looked for, and again after an internal redirect
/// @param root for paths that no location is for, and for requests that are not acceptable
/// @param locations where the others are looked for
/// @param certificates what it demands of certificates of clients
public record Site(String name, List<SiteName> names, List<Rewrite> rewrites, Location root, LocationTree locations,
        ClientCertificateRule certificates) {
    public Site {
        names = List.copyOf(names);
        rewrites = List.copyOf(rewrites);
    }

    /// @param locations those of the outermost level, named ones included
    public Site(String name, List<SiteName> names, List<Rewrite> rewrites, Location root, List<Location> locations) {
        this(name, names, rewrites, root, new LocationTree(locations), ClientCertificateRule.NONE);
    }

    /// The same site with other demands on certificates of clients.
    public Site with(ClientCertificateRule rule) {
        return new Site(name, names, rewrites, root, locations, rule);
    }
}
