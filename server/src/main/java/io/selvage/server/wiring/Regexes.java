package io.selvage.server.wiring;

import io.selvage.server.http.Regex;

/// The expressions of a configuration, ready to be matched.
final class Regexes {

    private Regexes() {
    }

    static Regex of(io.selvage.server.config.Regex regex) {
        return new Regex(regex.source(), regex.ignoreCase());
    }
}
