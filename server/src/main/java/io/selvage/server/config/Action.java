package io.selvage.server.config;

import java.util.List;

/// What answers the requests of a location. It is not inherited.
public sealed interface Action {
    /// The files below the document root.
    record Files() implements Action {}

    /// `proxy_pass`
    ///
    /// @param authority what `$proxy_host` says; empty when the target is computed
    /// @param path what replaces the part of the request's path that the location matched; empty to pass the request's target on
    ///     as it came, and when the target is computed
    record Proxy(PassTarget target, String authority, String path) implements Action {}

    /// `uwsgi_pass`
    record Uwsgi(PassTarget target) implements Action {}

    /// `return`: an answer at once, before anything else.
    sealed interface Return extends Action {
        /// @param code 0 to 999; 444 closes the connection without an answer
        int code();
    }

    /// A status with the body that the server has for it.
    record Status(int code) implements Return {}

    /// A status with a body, which may be empty.
    record Text(int code, Template body) implements Return {}

    /// 301, 302, 303, 307 or 308 with a `Location`.
    record Redirect(int code, Template to) implements Return {}

    /// `try_files`: the first candidate that is there becomes the path, and `then` answers it.
    record TryFiles(List<Candidate> candidates, Fallback fallback, Action then) implements Action {
        public TryFiles {
            candidates = List.copyOf(candidates);
        }
    }

    /// A path to look for, below the document root.
    ///
    /// @param path without the slash at its end that asks for a folder
    record Candidate(Template path, boolean folder) {}

    /// What answers when no candidate is there.
    sealed interface Fallback {
        record Code(int code) implements Fallback {}

        /// Another path of this server.
        record Path(Template path) implements Fallback {}

        /// @param name with the `@`
        record Named(String name) implements Fallback {}
    }
}
