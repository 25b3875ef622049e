package io.selvage.server.http;

/// What a request filter decides. An [Answer] ends the filters: a redirect or a named location is followed, anything else is
/// what the client gets.
public sealed interface FilterResult permits FilterResult.Continue, FilterResult.Stop, Answer {
    /// The one that changes nothing.
    FilterResult CONTINUE = new Continue();

    /// The one that ends a list of filters.
    FilterResult STOP = new Stop();

    /// Go on with the next filter, and at the end with the handler.
    record Continue() implements FilterResult {
    }

    /// Leave out the rest of this list, and go on with what comes after it.
    record Stop() implements FilterResult {
    }
}
