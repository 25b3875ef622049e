package io.selvage.perf.load;

import java.util.Locale;

/// The kinds of failed exchanges. A failed exchange is counted by kind and is in no latency histogram.
public enum LoadProblem {
    /// The connection could not be opened.
    REFUSED,
    /// The connection was reset during the exchange.
    RESET,
    /// No complete answer within the timeout; in an open loop it starts at the intended departure.
    TIMEOUT,
    /// The connection ended before the answer was complete.
    SHORT,
    /// A complete answer with a status that was not expected.
    WRONG_STATUS,
    /// A complete answer with a length that was not expected.
    WRONG_LENGTH,
    /// Bytes that are not an HTTP/1.1 answer, or bytes without a request.
    MALFORMED;

    private static final LoadProblem[] ALL = values();

    static LoadProblem at(int ordinal) {
        return ALL[ordinal];
    }

    static int count() {
        return ALL.length;
    }

    /// The name for display, such as `wrong status`.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
