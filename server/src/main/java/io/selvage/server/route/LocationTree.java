package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The locations of one level, made for finding. The rule is nginx's: the exact one; else the longest prefix, and what is inside
/// that; else, unless that prefix has `^~`, the first expression, and what is inside it; else the prefix.
public final class LocationTree {
    private final Map<String, Level> exact = new HashMap<>();
    private final TreeMap<String, Level> prefixes = new TreeMap<>();
    private final Map<String, Location> unslashed = new HashMap<>();
    private final List<Level> expressions = new ArrayList<>();
    private final Map<String, Location> named = new HashMap<>();

    /// What was found.
    sealed interface Found {
        record Place(Location location) implements Found {
        }

        /// The path lacks the slash of this location.
        record Slash(Location location) implements Found {
        }
    }

    /// A location with what is inside it, and what it is when it is found.
    private record Level(Location location, LocationTree inside, Result certain, Result likely) {
        static Level of(Location location) {
            Found place = new Found.Place(location);
            return new Level(location, new LocationTree(location.nested()), new Result(place, true), new Result(place, false));
        }

        private String written() {
            return location.match().written();
        }
    }

    /// @param locations of one level, in the order of the configuration
    public LocationTree(List<Location> locations) {
        for (Location location : locations) {
            Level level = Level.of(location);
            switch (location.match()) {
                case Match.Exact(var path) -> exact.putIfAbsent(path, level);
                case Match.Prefix(var path, _) -> {
                    prefixes.putIfAbsent(path, level);
                    if (location.options().autoSlash() && path.endsWith("/")) {
                        unslashed.putIfAbsent(path.substring(0, path.length() - 1), location);
                    }
                }
                case Match.Matching _ -> expressions.add(level);
                case Match.Named(var name) -> named.putIfAbsent(name, location);
            }
        }
        unslashed.keySet().removeAll(prefixes.keySet());
    }

    /// Finds the location of the exchange's path and makes the groups of its expression the exchange's captures.
    Optional<Found> find(Exchange exchange) {
        return Optional.ofNullable(search(exchange).found);
    }

    /// The location of this name, which begins with an at sign.
    Optional<Location> named(String name) {
        return Optional.ofNullable(named.get(name));
    }

    /// @param certain whether an outer level need not try its expressions
    private record Result(@Nullable Found found, boolean certain) {
        static final Result NOTHING = new Result(null, false);
    }

    private Result search(Exchange exchange) {
        String path = exchange.routing().path();
        Level same = exact.get(path);
        if (same != null) {
            return same.certain;
        }
        Location missed = unslashed.get(path);
        if (missed != null) {
            return new Result(new Found.Slash(missed), true);
        }
        Result result = Result.NOTHING;
        Level longest = longestPrefix(path);
        boolean tryExpressions = true;
        if (longest != null) {
            Result inner = longest.inside.search(exchange);
            result = inner.found != null ? inner : longest.likely;
            tryExpressions = !(longest.location.match() instanceof Match.Prefix(_, boolean instead) && instead);
        }
        if (result.certain || !tryExpressions) {
            return result;
        }
        for (int i = 0; i < expressions.size(); i++) {
            Level level = expressions.get(i);
            if (level.location.match() instanceof Match.Matching(var regex) && regex.capture(path, exchange)) {
                Result inner = level.inside.search(exchange);
                return inner.found != null ? new Result(inner.found, true) : level.certain;
            }
        }
        return result;
    }

    /// The floor of a path in the order of strings is either a prefix of it, or shares with it all that a shorter one can have.
    private @Nullable Level longestPrefix(String path) {
        String upTo = path;
        while (true) {
            var floor = prefixes.floorEntry(upTo);
            if (floor == null || path.startsWith(floor.getKey())) {
                return floor == null ? null : floor.getValue();
            }
            int shared = 0;
            while (path.charAt(shared) == floor.getKey().charAt(shared)) {
                shared++;
            }
            upTo = path.substring(0, shared);
        }
    }

    /// Explains the search for a path: for every location why it was chosen, or why not. Sees the decisions of [#search] through
    /// the same look-ups.
    ///
    /// @param chosen what [#find] has found; empty for nothing
    void explain(String path, Optional<Location> chosen, Explanation into) {
        Level same = exact.get(path);
        Location missed = unslashed.get(path);
        Level longest = longestPrefix(path);
        boolean decided = same != null || missed != null;
        exact.values().forEach(level -> add(level, level == same ? "is the path itself"
                : "is another path", chosen, into));
        prefixes.values().stream().sorted(Comparator.comparing(Level::written)).forEach(level -> {
            boolean lost = level == longest && !chosen.equals(Optional.of(level.location));
            Explanation found = add(level, prefix(level, path, decided, longest, missed)
                    + (lost && !decided ? ", but an expression goes first" : ""), chosen, into);
            if (level == longest && !decided) {
                level.inside.explain(path, chosen, found);
            }
        });
        boolean inner = longest != null && !decided && longest.inside.isCertain(path);
        boolean tried = !decided && !inner
                && !(longest != null && longest.location.match() instanceof Match.Prefix(_, boolean instead) && instead);
        explainExpressions(path, tried, whyNotTried(decided, inner), chosen, into);
    }

    private void explainExpressions(String path, boolean tried, String whyNot, Optional<Location> chosen, Explanation into) {
        boolean open = tried;
        for (Level level : expressions) {
            boolean matches = level.location.match() instanceof Match.Matching(var regex) && regex.groups(path).isPresent();
            Explanation found = add(level, open ? matches ? "matches, the first expression that does" : "does not match"
                    : tried ? "is not tried: an expression before it matches" : whyNot, chosen, into);
            if (open && matches) {
                level.inside.explain(path, chosen, found);
                open = false;
            }
        }
    }

    private static String whyNotTried(boolean decided, boolean inner) {
        return decided ? "is not tried: another location is certain"
                : inner ? "is not tried: a location inside the longest prefix was certain"
                : "is not tried: the longest prefix has ^~";
    }

    private static String prefix(Level level, String path, boolean decided, @Nullable Level longest, @Nullable Location missed) {
        if (level.location == missed) {
            return "lacks only its slash: the client is redirected to it";
        }
        if (!(level.location.match() instanceof Match.Prefix(var prefix, _)) || !path.startsWith(prefix)) {
            return "is no prefix of the path";
        }
        return decided ? "is a prefix, but another location is certain"
                : level == longest ? "is the longest prefix" : "is a shorter prefix";
    }

    private static Explanation add(Level level, String text, Optional<Location> chosen, Explanation into) {
        boolean won = chosen.filter(location -> location == level.location).isPresent();
        return into.add("candidate", level.written(), text + (won ? ": chosen" : "")).with("chosen", won);
    }

    /// True if the search inside need not be followed by the expressions around it.
    private boolean isCertain(String path) {
        if (exact.containsKey(path) || unslashed.containsKey(path)) {
            return true;
        }
        Level longest = longestPrefix(path);
        if (longest != null && longest.inside.isCertain(path)) {
            return true;
        }
        boolean tried = !(longest != null && longest.location.match() instanceof Match.Prefix(_, boolean instead) && instead);
        return tried && expressions.stream().anyMatch(level ->
                level.location.match() instanceof Match.Matching(var regex) && regex.groups(path).isPresent());
    }
}
