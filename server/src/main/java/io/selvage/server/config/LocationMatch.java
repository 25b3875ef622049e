package io.selvage.server.config;

import io.selvage.server.http.Regex;
import java.util.List;

/// Which paths a location is for.
public sealed interface LocationMatch {
    /// `= path`
    record Exact(String path) implements LocationMatch {}

    /// `prefix` or `^~ prefix`: the longest one that fits is remembered, and taken when no regular expression matches.
    ///
    /// @param last `^~`: regular expressions are not tried when this is the longest
    record Prefix(String prefix, boolean last) implements LocationMatch {}

    /// `~ regex` or `~* regex`: the first one that matches is taken.
    record Regular(Regex regex) implements LocationMatch {}

    /// `@name`: for redirects inside the server.
    ///
    /// @param name with the `@`
    record Named(String name) implements LocationMatch {}

    /// What no location is for: the server itself.
    record Unmatched() implements LocationMatch {}

    /// That of the block.
    static LocationMatch read(Scope scope) {
        Directive block = scope.block();
        if (!block.is("location")) {
            return new Unmatched();
        }
        var line = new Line(block, scope);
        if (line.count() == 1) {
            return single(line.argument(0));
        }
        Argument path = line.argument(1);
        return switch (line.argument(0).text()) {
            case "=" -> new Exact(path.text());
            case "^~" -> new Prefix(path.text(), true);
            case "~" -> new Regular(Regexes.read(path, false));
            case "~*" -> new Regular(Regexes.read(path, true));
            default -> {
                line.argument(0).refuse("\"=\", \"^~\", \"~\" or \"~*\" before a path");
                yield new Exact(path.text());
            }
        };
    }

    /// A path with the sign that may stick to it.
    private static LocationMatch single(Argument argument) {
        String text = argument.text();
        if (text.startsWith("=")) {
            return new Exact(text.substring(1));
        }
        if (text.startsWith("^~")) {
            return new Prefix(text.substring(2), true);
        }
        if (text.startsWith("~")) {
            boolean ignoreCase = text.startsWith("~*");
            return new Regular(Regexes.read(argument.with(text.substring(ignoreCase ? 2 : 1)), ignoreCase));
        }
        return text.startsWith("@") ? new Named(text) : new Prefix(text, false);
    }

    default List<String> words() {
        return switch (this) {
            case Exact(var path) -> List.of("=", path);
            case Prefix(var prefix, boolean last) -> last ? List.of("^~", prefix) : List.of(prefix);
            case Regular(var regex) -> List.of(regex.ignoreCase() ? "~*" : "~", regex.source());
            case Named(var name) -> List.of(name);
            case Unmatched() -> List.of();
        };
    }
}
