package io.selvage.server.http;

/// Turns a request into an answer. Runs on the thread of the exchange and may wait there: that of the connection with HTTP/1,
/// that of the stream with HTTP/2.
@FunctionalInterface
public interface Handler {

    /// @throws Failure where no answer can be given; it becomes one in a single place, [Answer.StatusOnly] of its status
    Answer handle(Exchange exchange) throws Failure;

    /// Explains what [#handle] would do, without asking a peer or another server.
    ///
    /// @param into gets what is found out
    /// @return the answer
    /// @throws AnswerUnknown where a peer or another server would have to be asked for it
    default Answer explain(Exchange exchange, Explanation into) throws Failure {
        String name = Explanation.nameOf(this);
        into.add("content", name, "").with("handler", name);
        throw new AnswerUnknown(name);
    }
}
