package io.selvage.server.http;

/// Where an exchange reports what its configuration probably does not mean, such as the use of a variable that nothing has set.
@FunctionalInterface
public interface Warnings {
    /// Reports nothing.
    Warnings NONE = (_, _) -> { };

    void warn(Exchange exchange, String message);
}
