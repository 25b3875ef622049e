package io.selvage.server.http;

/// What a handler gives back: a value that others may still look at and change before it is sent.
public sealed interface Answer {

    /// A head and a body, ready to send.
    record Reply(ResponseHead head, Body body) implements Answer {
        public Reply withHeaders(Headers headers) {
            return new Reply(head.withHeaders(headers), body);
        }
    }

    /// A status without words of its own: an error page may take its place, else a short built-in page does.
    ///
    /// @param headers what goes with it whatever page is used, such as `Location` or `Allow`
    record StatusOnly(Status status, Headers headers) implements Answer {
        public StatusOnly(Status status) {
            this(status, Headers.EMPTY);
        }
    }

    /// Go on with another path inside this site (an internal redirect).
    ///
    /// @param path the decoded, normalised path
    /// @param query the query without its question mark, empty for none
    record InternalRedirect(String path, String query) implements Answer {
    }

    /// Go on in a named location, `@name`, with path and query as they are.
    ///
    /// @param name with its at sign
    record NamedLocation(String name) implements Answer {
    }

    /// The protocol changed (101): from here on bytes pass both ways until one side ends.
    ///
    /// @param head the 101 answer
    /// @param tunnel carries the bytes; called once on the connection's thread after the head was sent
    record Upgraded(ResponseHead head, UpgradeHandler tunnel) implements Answer {
    }

    /// Close the connection without a word (status 444).
    record CloseSilently() implements Answer {
    }
}
