package io.selvage.server.route;

import io.selvage.server.http.Regex;
import java.util.Locale;

/// A name of a site (`server_name`).
public sealed interface SiteName {

    /// A host, in lower case; the empty one is for requests that name no host.
    record Exact(String host) implements SiteName {
    }

    /// `*.example.org`: any host that ends in this suffix and has more in front of it.
    ///
    /// @param suffix `example.org`
    /// @param itselfToo whether the suffix alone matches as well, as it does when written `.example.org`
    record Under(String suffix, boolean itselfToo) implements SiteName {
    }

    /// `www.example.*`: any host that begins like this.
    ///
    /// @param prefix `www.example`
    record Starting(String prefix) implements SiteName {
    }

    /// `~^www\d+\.example\.org$`.
    record Matching(Regex regex) implements SiteName {
    }

    /// Reads any name but an expression.
    ///
    /// @throws IllegalArgumentException for an asterisk elsewhere than at one end beside a dot, or with nothing beside it
    static SiteName parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.startsWith("*.") || name.startsWith(".")) {
            boolean itselfToo = name.startsWith(".");
            return new Under(plain(name.substring(itselfToo ? 1 : 2)), itselfToo);
        }
        if (name.endsWith(".*")) {
            return new Starting(plain(name.substring(0, name.length() - 2)));
        }
        return new Exact(name.isEmpty() ? "" : plain(name));
    }

    private static String plain(String name) {
        if (name.isEmpty() || name.contains("*")) {
            throw new IllegalArgumentException("\"" + name + "\" is no part of a host's name");
        }
        return name;
    }

    /// As it is written.
    default String written() {
        return switch (this) {
            case Exact(var host) -> host;
            case Under(var suffix, boolean itselfToo) -> (itselfToo ? "." : "*.") + suffix;
            case Starting(var prefix) -> prefix + ".*";
            case Matching(var regex) -> "~" + regex.source();
        };
    }
}
