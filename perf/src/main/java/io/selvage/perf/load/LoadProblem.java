package io.selvage.perf.load;

import java.util.Locale;

/// The ways an exchange goes wrong. Such an exchange is counted here and in no latency histogram.
public enum LoadProblem {
    /// The connection could not be opened.
    REFUSED,
    /// The connection was reset while the request was under way.
    RESET,
    /// No complete answer within the time allowed; in an open loop that time starts at the intended departure.
    TIMEOUT,
    /// The connection ended before the answer was complete.
    SHORT,
    /// A complete answer with a status that was not expected.
    WRONG_STATUS,
    /// A complete answer with a length that was not expected.
    WRONG_LENGTH,
    /// Bytes that are no HTTP/1.1 answer, or bytes that nobody asked for.
    MALFORMED;

    private static final LoadProblem[] ALL = values();

    static LoadProblem at(int ordinal) {
        return ALL[ordinal];
    }

    static int count() {
        return ALL.length;
    }

    /// In words: `wrong status`.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
