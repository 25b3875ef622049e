package io.selvage.server.config;

import java.util.List;

/// What is done with the requests of one `location`, or of a server outside all of them.
///
/// @param internal only for redirects inside the server; to others it does not exist
/// @param locations those inside: exact ones, then prefixes with the longest first, then regular expressions in the order they
///     are to be tried, then named ones
public record LocationConfig(
        LocationMatch match, boolean internal, Action action, LocationSettings settings, List<LocationConfig> locations) {
    public LocationConfig {
        locations = List.copyOf(locations);
    }
}
