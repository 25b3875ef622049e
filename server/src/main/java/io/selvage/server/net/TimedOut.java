package io.selvage.server.net;

import java.io.IOException;

/// A wait that lasted longer than it may. Has no stack trace: the other side caused it, not a bug.
public final class TimedOut extends IOException {
    private static final long serialVersionUID = 1;

    public TimedOut(String what) {
        super(what);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
