package io.selvage.server.ssi;

/// A command that cannot be run. Its place in the page gets the error message of the page.
final class SsiError extends Exception {
    private static final long serialVersionUID = 1;

    /// @param why for the error log
    SsiError(String why) {
        super(why, null, false, false);
    }
}
