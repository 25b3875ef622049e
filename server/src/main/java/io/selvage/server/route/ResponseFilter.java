package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;

/// A change to the answer of a location before it is sent, error pages and built-in pages included.
@FunctionalInterface
public interface ResponseFilter {

    /// @param reply with the status that the client will see
    /// @return what goes to the next filter; anything but a reply is followed as the answer of a handler is, and the body of
    ///         `reply` is closed then
    Answer filter(Exchange exchange, Reply reply);

    /// Whether it changes the answers of subrequests, too. One that concerns the client's own answer only, such as its fields,
    /// its conditions or its compression, does not.
    default boolean isForSubrequests() {
        return false;
    }
}
