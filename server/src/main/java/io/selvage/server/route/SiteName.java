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

    /// @throws IllegalArgumentException for an asterisk elsewhere than at one end beside a dot
    /// @throws java.util.regex.PatternSyntaxException for what is no expression
    static SiteName parse(String text) {
        if (text.startsWith("~")) {
            return new Matching(new Regex(text.substring(1), true));
        }
        String name = text.toLowerCase(Locale.ROOT);
        SiteName parsed;
        if (name.startsWith("*.")) {
            parsed = new Under(name.substring(2), false);
        } else if (name.startsWith(".")) {
            parsed = new Under(name.substring(1), true);
        } else if (name.endsWith(".*")) {
            parsed = new Starting(name.substring(0, name.length() - 2));
        } else {
            parsed = new Exact(name);
        }
        if (name.substring(parsed instanceof Under under ? name.length() - under.suffix().length() : 0,
                parsed instanceof Starting ? name.length() - 1 : name.length()).contains("*")) {
            throw new IllegalArgumentException("invalid server name or wildcard \"" + text + "\"");
        }
        return parsed;
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
