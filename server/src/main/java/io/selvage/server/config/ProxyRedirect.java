package io.selvage.server.config;

import io.selvage.server.http.Regex;
import java.util.List;

/// A change to the `Location` and `Refresh` of answers: `proxy_redirect`.
public sealed interface ProxyRedirect extends Printable {
    /// What `proxy_pass` says becomes what the location says.
    record Usual() implements ProxyRedirect {}

    /// A value that begins with one text begins with another instead.
    record Beginning(Template from, Template to) implements ProxyRedirect {}

    /// A value that a regular expression matches is replaced in whole.
    record Matching(Regex from, Template to) implements ProxyRedirect {}

    static ProxyRedirect read(Line line) {
        if (line.hasOnly("default")) {
            return new Usual();
        }
        Argument from = line.argument(0);
        if (line.count() == 1) {
            from.refuse("\"default\", \"off\" or two arguments");
            return new Usual();
        }
        Template to = line.argument(1).template();
        if (!from.text().startsWith("~")) {
            return new Beginning(from.template(), to);
        }
        boolean ignoreCase = from.text().startsWith("~*");
        return new Matching(Regexes.read(from.with(from.text().substring(ignoreCase ? 2 : 1)), ignoreCase), to);
    }

    @Override
    default List<String> words() {
        return switch (this) {
            case Usual() -> List.of("default");
            case Beginning(var from, var to) -> List.of(from.toString(), to.toString());
            case Matching(var from, var to) -> List.of((from.ignoreCase() ? "~*" : "~") + from.source(), to.toString());
        };
    }
}
