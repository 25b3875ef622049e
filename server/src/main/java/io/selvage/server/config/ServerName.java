package io.selvage.server.config;

import io.selvage.server.http.Regex;
import java.util.Locale;

/// A name of a virtual host: `server_name`. Names are in small letters.
public sealed interface ServerName {
    /// This one; the empty one is for requests without a host.
    record Exact(String name) implements ServerName {}

    /// `*.domain`, or `.domain` which is also the domain itself.
    record Under(String domain, boolean orItself) implements ServerName {}

    /// `name.*`
    ///
    /// @param start without the dot
    record Starting(String start) implements ServerName {}

    /// `~regex`
    record Matching(Regex regex) implements ServerName {}

    /// `$hostname`: the name of the machine.
    record Hostname() implements ServerName {}

    static ServerName read(Argument argument) {
        if (argument.text().startsWith("~")) {
            return new Matching(Regexes.read(argument.with(argument.text().substring(1)), true));
        }
        String name = argument.text().toLowerCase(Locale.ROOT);
        if (name.equals("$hostname")) {
            return new Hostname();
        }
        if (name.startsWith("*.") || name.startsWith(".")) {
            boolean orItself = name.startsWith(".");
            return new Under(plain(argument, name.substring(orItself ? 1 : 2)), orItself);
        }
        if (name.endsWith(".*")) {
            return new Starting(plain(argument, name.substring(0, name.length() - 2)));
        }
        return name.isEmpty() ? new Exact("") : new Exact(plain(argument, name));
    }

    private static String plain(Argument argument, String name) {
        if (name.isEmpty() || name.contains("*")) {
            argument.refuse("a name with \"*\" only as its first or last part");
        } else if (name.contains("/")) {
            argument.reading().problems().warning(argument.word().position(),
                    "\"" + argument.text() + "\" does not look like the name of a host");
        }
        return name;
    }

    /// As it is written.
    default String written() {
        return switch (this) {
            case Exact(var name) -> name;
            case Under(var domain, boolean orItself) -> (orItself ? "." : "*.") + domain;
            case Starting(var start) -> start + ".*";
            case Matching(var regex) -> "~" + regex.source();
            case Hostname() -> "$hostname";
        };
    }
}
