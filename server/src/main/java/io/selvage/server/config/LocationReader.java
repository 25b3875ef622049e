package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what a server or a location does, and the locations inside it.
final class LocationReader {
    static final Settings<LocationSettings> SETTINGS = Settings.of(LocationSettings.class);

    /// The order in which nginx goes through them, but for the prefixes: it looks for the longest, here it comes first.
    private static final Comparator<LocationConfig> ORDER = Comparator.comparingInt(location -> switch (location.match()) {
        case LocationMatch.Exact _ -> -Integer.MAX_VALUE;
        case LocationMatch.Prefix(var prefix, _) -> -prefix.length();
        case LocationMatch.Regular _ -> 1;
        case LocationMatch.Named _ -> 2;
        case LocationMatch.Unmatched _ -> 3;
    });

    private LocationReader() {}

    /// @param scope the inside of a `server` or a `location`
    static LocationConfig read(Scope scope) {
        LocationMatch match = LocationMatch.read(scope);
        var inside = new ArrayList<LocationConfig>();
        Map<Object, Position> seen = new HashMap<>();
        for (Line line : scope.here("location")) {
            LocationConfig location = read(line.inside());
            inside.add(location);
            checkPlace(line, match, location.match());
            Position before = seen.putIfAbsent(identity(location.match()), line.directive().position());
            if (before != null) {
                line.problem("duplicate " + named(location.match()) + ", the first is at " + before);
            }
        }
        inside.sort(ORDER);
        boolean internal = !scope.nearest(List.of("internal")).isEmpty();
        return new LocationConfig(match, internal, Actions.read(scope, match), SETTINGS.read(scope), inside);
    }

    /// What two locations may not have in common.
    private static Object identity(LocationMatch match) {
        return switch (match) {
            case LocationMatch.Prefix(var prefix, _) -> new LocationMatch.Prefix(prefix, false);
            case LocationMatch.Regular _ -> new Object();
            case LocationMatch.Exact _, LocationMatch.Named _, LocationMatch.Unmatched _ -> match;
        };
    }

    private static String named(LocationMatch match) {
        return "location \"" + String.join(" ", match.words()) + "\"";
    }

    private static void checkPlace(Line line, LocationMatch outer, LocationMatch inner) {
        if (outer instanceof LocationMatch.Unmatched) {
            return;
        }
        if (outer instanceof LocationMatch.Exact || outer instanceof LocationMatch.Named) {
            line.problem(named(inner) + " cannot be inside " + named(outer));
        } else if (inner instanceof LocationMatch.Named) {
            line.problem(named(inner) + " must stand in \"server\"");
        } else if (outer instanceof LocationMatch.Prefix(var prefix, _) && !start(inner, prefix).startsWith(prefix)) {
            line.problem(named(inner) + " is outside " + named(outer));
        }
    }

    /// The path that a location begins with; for a regular expression anything will do.
    private static String start(LocationMatch match, String any) {
        return switch (match) {
            case LocationMatch.Exact(var path) -> path;
            case LocationMatch.Prefix(var prefix, _) -> prefix;
            case LocationMatch.Regular _, LocationMatch.Named _, LocationMatch.Unmatched _ -> any;
        };
    }
}
