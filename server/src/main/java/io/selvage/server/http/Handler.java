package io.selvage.server.http;

/// Turns a request into an answer. Runs on the connection's thread and may wait there.
@FunctionalInterface
public interface Handler {

    /// @throws Failure where no answer can be given; it becomes one in a single place, [Answer.StatusOnly] of its status
    Answer handle(Exchange exchange) throws Failure;
}
