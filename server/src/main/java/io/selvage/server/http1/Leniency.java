package io.selvage.server.http1;

import java.util.EnumSet;
import java.util.Set;

/// What a reader accepts although the grammar of HTTP does not have it. Everything else outside the grammar is refused.
/// server/leniencies.md gives the reason for each, and lists what is refused although the grammar has it.
public enum Leniency {
    LONE_LF("RFC 9112 §2.2", "a LF without CR ends a line of a head"),
    EMPTY_LINES_FIRST("RFC 9112 §2.2", "up to eight empty lines stand before a request line"),
    UNENCODED_TARGET("RFC 3986 §2",
            "a target has bytes above 0x7f and `" + "\"<>[\\]^`{|}" + "` that are not percent-encoded"),
    CONTROL_IN_FIELD("RFC 9110 §5.5", "the value of a field has control characters other than CR, LF and NUL"),
    NO_SPACE_BEFORE_REASON("RFC 9112 §4", "a status line ends directly after its code");

    /// In the heads of requests. A request with a lone LF is not passed on, unless that is configured.
    static final Set<Leniency> OF_CLIENTS = EnumSet.of(LONE_LF, EMPTY_LINES_FIRST, UNENCODED_TARGET);
    /// In the heads of responses.
    static final Set<Leniency> OF_PEERS = EnumSet.of(LONE_LF, CONTROL_IN_FIELD, NO_SPACE_BEFORE_REASON);
    /// In chunked bodies, trailers included.
    static final Set<Leniency> IN_CHUNKS = EnumSet.noneOf(Leniency.class);

    private final String rule;
    private final String meaning;

    Leniency(String rule, String meaning) {
        this.rule = rule;
        this.meaning = meaning;
    }

    /// The section of the standard that this deviates from, or that allows it.
    public String rule() {
        return rule;
    }

    /// What is accepted, as a clause for people.
    public String meaning() {
        return meaning;
    }
}
