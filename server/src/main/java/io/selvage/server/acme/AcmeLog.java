package io.selvage.server.acme;

import io.selvage.server.observe.Severity;

/// Where messages for the operator go.
@FunctionalInterface
public interface AcmeLog {
    void log(Severity severity, String message);
}
