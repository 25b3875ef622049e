package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.config.Position;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Scope;
import io.selvage.server.config.Section;
import io.selvage.server.route.Match;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads which paths a `location` is for.
final class LocationMatch {
    private LocationMatch() {
    }

    /// The match of a block or of the location that it is a part of; empty for a block outside all locations.
    static Optional<Match> of(Scope scope) {
        Directive block = scope.whole().block();
        if (!block.is("location")) {
            return Optional.empty();
        }
        Line line = new Line(block, scope);
        return Optional.of(line.count() == 1 ? single(line.argument(0)) : pair(line.argument(0), line.argument(1)));
    }

    private static Match pair(Argument sign, Argument path) {
        return switch (sign.text()) {
            case "=" -> new Match.Exact(path.text());
            case "^~" -> new Match.Prefix(path.text(), true);
            case "~" -> new Match.Matching(Regexes.read(path, false));
            case "~*" -> new Match.Matching(Regexes.read(path, true));
            default -> {
                sign.refuse("\"=\", \"^~\", \"~\" or \"~*\" before a path");
                yield new Match.Exact(path.text());
            }
        };
    }

    /// A path whose modifier may be written without a space.
    private static Match single(Argument argument) {
        String text = argument.text();
        if (text.startsWith("=")) {
            return new Match.Exact(text.substring(1));
        }
        if (text.startsWith("^~")) {
            return new Match.Prefix(text.substring(2), true);
        }
        if (text.startsWith("~")) {
            boolean ignoreCase = text.startsWith("~*");
            return new Match.Matching(Regexes.read(argument.with(text.substring(ignoreCase ? 2 : 1)), ignoreCase));
        }
        return text.startsWith("@") ? new Match.Named(text) : new Match.Prefix(text);
    }

    /// The arguments of `location`.
    static List<String> words(Match match) {
        return switch (match) {
            case Match.Exact(var path) -> List.of("=", path);
            case Match.Prefix(var prefix, boolean insteadOfRegex) -> insteadOfRegex ? List.of("^~", prefix) : List.of(prefix);
            case Match.Matching(var regex) -> List.of(regex.ignoreCase() ? "~*" : "~", regex.source());
            case Match.Named(var name) -> List.of(name);
        };
    }

    /// The fixed part of the paths that a location matches; empty for regular expressions and named locations.
    static String fixedPart(Optional<Match> match) {
        return switch (match.orElse(new Match.Prefix(""))) {
            case Match.Exact(var path) -> path;
            case Match.Prefix(var prefix, _) -> prefix;
            case Match.Matching _, Match.Named _ -> "";
        };
    }

    /// Reports duplicate locations and invalid nesting.
    ///
    /// @param outer a site or a location
    static void check(Section outer) {
        Map<Object, Position> seen = new HashMap<>();
        Optional<Match> around = of(outer.scope());
        for (Section location : outer.inside(Contexts.LOCATION)) {
            Match match = of(location.scope()).orElseThrow();
            around.ifPresent(place -> checkPlace(location.line(), place, match));
            Position before = seen.putIfAbsent(identity(match), location.line().directive().position());
            if (before != null) {
                location.line().problem("duplicate " + named(match) + ", the first is at " + before);
            }
            check(location);
        }
    }

    /// A key that two locations of one level may not share.
    private static Object identity(Match match) {
        return switch (match) {
            case Match.Prefix(var prefix, _) -> new Match.Prefix(prefix);
            case Match.Matching _ -> new Object();
            case Match.Exact _, Match.Named _ -> match;
        };
    }

    private static String named(Match match) {
        return "location \"" + String.join(" ", words(match)) + "\"";
    }

    private static void checkPlace(Line line, Match outer, Match inner) {
        if (outer instanceof Match.Exact || outer instanceof Match.Named) {
            line.problem(named(inner) + " cannot be inside " + named(outer));
        } else if (inner instanceof Match.Named) {
            line.problem(named(inner) + " must be in \"server\"");
        } else {
            String around = outer instanceof Match.Matching(var regex) ? regex.source() : fixedPart(Optional.of(outer));
            if (!start(inner, around).startsWith(around)) {
                line.problem(named(inner) + " is outside " + named(outer));
            }
        }
    }

    /// The path that a location starts with; a regular expression may be inside any prefix and any other expression. A path may
    /// be inside an expression that it begins with, as in nginx.
    private static String start(Match match, String any) {
        return switch (match) {
            case Match.Exact(var path) -> path;
            case Match.Prefix(var prefix, _) -> prefix;
            case Match.Matching _, Match.Named _ -> any;
        };
    }
}
