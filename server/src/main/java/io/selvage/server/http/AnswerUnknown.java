package io.selvage.server.http;

/// Ends the explanation of an exchange at the point from which the answer depends on another party, such as a peer that would be
/// asked.
public final class AnswerUnknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String who;

    /// @param who knows the answer, for people
    public AnswerUnknown(String who) {
        super(who, null, false, false);
        this.who = who;
    }

    /// Who knows the answer.
    public String who() {
        return who;
    }
}
