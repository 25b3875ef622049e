package io.selvage.server.http;

/// What a handler may answer: a value that others may still look at and change before it is sent. A [FinalAnswer] can be sent
/// as it is; the others name what to do next.
public sealed interface Answer extends FilterResult permits FinalAnswer, Answer.StatusOnly, Answer.InternalRedirect,
        Answer.NamedLocation {

    /// A head and a body, ready to send.
    record Reply(ResponseHead head, Body body) implements FinalAnswer {
        public Reply withHeaders(Headers headers) {
            return headers == head.headers() ? this : new Reply(head.withHeaders(headers), body);
        }
    }

    /// The protocol changed (101): from here on bytes pass both ways until one side ends.
    ///
    /// @param head the 101 answer
    /// @param tunnel carries the bytes; called once on the connection's thread after the head was sent
    record Upgraded(ResponseHead head, UpgradeHandler tunnel) implements FinalAnswer {
    }

    /// Close the connection without an answer.
    ///
    /// @param logged the status that stands for it in the log
    record CloseSilently(Status logged) implements FinalAnswer {
        private static final Status NO_RESPONSE = Status.of(444);

        /// As `return 444` has it.
        public CloseSilently() {
            this(NO_RESPONSE);
        }

        /// Whether the configuration wants it so, rather than that the client has gone.
        public boolean isOrdered() {
            return logged.equals(NO_RESPONSE);
        }
    }

    /// A status without a body: an error page or a short built-in page becomes the answer.
    ///
    /// @param headers what goes with it whatever page is used, such as `Location` or `Allow`
    record StatusOnly(Status status, Headers headers) implements Answer {
        public StatusOnly(Status status) {
            this(status, Headers.EMPTY);
        }

        /// The status as plain text, for when there is no location to take a page from. Silence for a client that has gone.
        public FinalAnswer asPlainText() {
            if (status.equals(Status.CLIENT_CLOSED)) {
                return new CloseSilently(status);
            }
            return status.isBodiless() ? new Reply(new ResponseHead(status, headers), Body.NONE)
                    : new Reply(new ResponseHead(status, headers.replacing("Content-Type", "text/plain")),
                            Body.text(status + "\n"));
        }
    }

    /// Go on with another path inside this site.
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
}
