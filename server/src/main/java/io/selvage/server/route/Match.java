package io.selvage.server.route;

import io.selvage.server.http.Regex;

/// Which paths a location is for.
public sealed interface Match {

    /// `location = /path`.
    record Exact(String path) implements Match {
    }

    /// `location /path`.
    ///
    /// @param insteadOfRegex true if no expression is tried when this is the longest matching prefix (`^~`)
    record Prefix(String path, boolean insteadOfRegex) implements Match {
        /// A prefix after which expressions are still tried.
        public Prefix(String path) {
            this(path, false);
        }
    }

    /// `location ~ expression` or `~*`.
    record Matching(Regex regex) implements Match {
    }

    /// `location @name`: reached by its name only, never by a path.
    ///
    /// @param name with its at sign
    record Named(String name) implements Match {
    }

    /// The arguments of `location`.
    default String written() {
        return switch (this) {
            case Exact(var path) -> "= " + path;
            case Prefix(var path, boolean instead) -> instead ? "^~ " + path : path;
            case Matching(var regex) -> (regex.ignoreCase() ? "~* " : "~ ") + regex.source();
            case Named(var name) -> name;
        };
    }
}
