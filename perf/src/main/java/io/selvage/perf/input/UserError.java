package io.selvage.perf.input;

/// A mistake of the user, or a failure of the environment, as one line: what is wrong, and where. It has no stack trace, because
/// it never reports a bug.
public final class UserError extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param text names the wrong value
    public UserError(String text) {
        super(text, null, false, false);
    }
}
