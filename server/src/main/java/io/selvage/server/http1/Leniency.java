package io.selvage.server.http1;

import java.util.EnumSet;
import java.util.Set;

/// What a reader accepts although the grammar does not have it. Everything else is strict.
public enum Leniency {
    BARE_LF("RFC 9112 §2.2", "a lone LF ends a line of a head"),
    EMPTY_LINE_FIRST("RFC 9112 §2.2", "one empty line stands before a request line"),
    NO_SPACE_BEFORE_REASON("RFC 9112 §4", "a status line ends right behind its code");

    /// Of clients' heads and of peers' heads.
    static final Set<Leniency> IN_HEADS = EnumSet.allOf(Leniency.class);
    /// Inside chunked bodies, trailers included.
    static final Set<Leniency> IN_CHUNKS = EnumSet.noneOf(Leniency.class);

    private final String rule;
    private final String meaning;

    Leniency(String rule, String meaning) {
        this.rule = rule;
        this.meaning = meaning;
    }

    /// The section that is bent, or that allows it.
    public String rule() {
        return rule;
    }

    public String meaning() {
        return meaning;
    }
}
