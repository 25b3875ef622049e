package io.selvage.server.config;

import java.util.List;

/// Which file a path means: `root` or `alias`.
public sealed interface DocumentRoot extends Printable {
    /// The whole path of the request is added.
    record Root(Template folder) implements DocumentRoot {}

    /// The path of the request is added without the beginning that is replaced.
    ///
    /// @param replaces the prefix or the exact path of the location that says `alias`; empty in a location with a regular
    ///     expression, where `path` is the whole name of the file
    record Alias(Template path, String replaces) implements DocumentRoot {}

    static DocumentRoot read(List<Line> lines) {
        Line line = lines.getLast();
        if (lines.size() > 1) {
            line.problem("\"" + line.name() + "\" is duplicate, \"" + lines.getFirst().name() + "\" is at "
                    + lines.getFirst().directive().position());
        }
        Template path = line.argument(0).pathTemplate();
        if (line.name().equals("root")) {
            return new Root(path);
        }
        return switch (LocationMatch.read(line.scope())) {
            case LocationMatch.Exact(var exact) -> new Alias(path, exact);
            case LocationMatch.Prefix(var prefix, _) -> new Alias(path, prefix);
            case LocationMatch.Regular _, LocationMatch.Unmatched _ -> new Alias(path, "");
            case LocationMatch.Named _ -> {
                line.problem("\"alias\" cannot be used in a named location");
                yield new Alias(path, "");
            }
        };
    }

    @Override
    default List<String> words() {
        return switch (this) {
            case Root(var folder) -> List.of(folder.toString());
            case Alias(var path, _) -> List.of(path.toString());
        };
    }

    @Override
    default Directive directive(String name) {
        return Directive.of(this instanceof Root ? "root" : "alias", words());
    }
}
