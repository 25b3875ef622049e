package io.selvage.server.observe;

/// A location as metrics name it.
///
/// @param site the name of the site, `_` for one without a name
/// @param path the arguments of `location`; empty for what is outside all locations of the site
public record TrafficLocation(String site, String path) {
    /// Counts for all locations beyond the limit.
    public static final TrafficLocation OTHERS = new TrafficLocation("", LatencyKey.OTHERS);

    /// The name of the location in [LatencyKey]: site and path.
    public String name() {
        return site + path;
    }
}
