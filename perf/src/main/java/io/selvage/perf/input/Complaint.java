package io.selvage.perf.input;

/// One line for the person at the terminal: what is wrong, and where. It carries no stack trace, because it is never a bug.
public final class Complaint extends Exception {
    private static final long serialVersionUID = 1L;

    /// A complaint with this text, which names the offending value.
    public Complaint(String text) {
        super(text, null, false, false);
    }
}
