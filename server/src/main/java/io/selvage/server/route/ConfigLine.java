package io.selvage.server.route;

/// Where a site or a location stands in the configuration; one of the values of its [LocationOptions].
///
/// @param file its name
/// @param line from 1
public record ConfigLine(String file, int line) {

    /// The position of a location for people; empty if it is not known.
    static String of(Location location) {
        return location.options().values().get(ConfigLine.class).map(at -> at.file + ":" + at.line).orElse("");
    }
}
