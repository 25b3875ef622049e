package io.selvage.server.route;

import io.selvage.server.http.Regex;

/// Which paths a location is for.
public sealed interface Match {

    /// `location = /path`.
    record Exact(String path) implements Match {
    }

    /// `location /path`.
    ///
    /// @param insteadOfRegex whether expressions beside it are not tried where it is the longest (`^~`)
    record Prefix(String path, boolean insteadOfRegex) implements Match {
        public Prefix(String path) {
            this(path, false);
        }
    }

    /// `location ~ expression` or `~*`.
    record Matching(Regex regex) implements Match {
    }

    /// `location @name`: only for those who ask for it by name.
    ///
    /// @param name with its at sign
    record Named(String name) implements Match {
    }
}
