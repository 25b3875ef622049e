package io.selvage.server.http;

/// What a request filter decides. An [Answer] ends the filters: a redirect or a named location is followed, anything else is
/// what the client gets.
public sealed interface FilterResult permits FilterResult.Continue, FilterResult.Restart, Answer {
    /// The one that changes nothing.
    FilterResult CONTINUE = new Continue();

    /// Go on with the next filter, and at the end with the handler.
    record Continue() implements FilterResult {
    }

    /// Look for a location again, for another path. Counts as an internal redirect; the rewrites of the site do not run again.
    ///
    /// @param path the decoded, normalised path
    /// @param query the query without its question mark, empty for none
    record Restart(String path, String query) implements FilterResult {
    }
}
