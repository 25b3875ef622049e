package io.selvage.server.engine;

/// Why carriers cannot be had in this JVM.
public final class EngineMissing extends Exception {
    private static final long serialVersionUID = 1;

    public EngineMissing(String reason) {
        super(reason, null, false, false);
    }
}
