package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;

/// A change to the answer of a location before it is sent, error pages and built-in pages included.
@FunctionalInterface
public interface ResponseFilter {

    /// @param reply with the status that the client will see
    /// @return what goes to the next filter; anything but a reply is followed as the answer of a handler is; this method has
    ///         closed the body of `reply` then
    Answer filter(Exchange exchange, Reply reply);

    /// The directive that it comes from, for people.
    default String directive() {
        return Explanation.nameOf(this);
    }

    /// What it does, for people, with the values that it has for this exchange.
    default String describe(Exchange exchange) {
        return "";
    }

    /// Why it left a reply unchanged, for people; empty if that needs no reason.
    ///
    /// @param reply as [#filter] got it
    default String whyUnchanged(Exchange exchange, Reply reply) {
        return "";
    }

    /// Whether it changes the answers of subrequests, too. One that concerns the client's own answer only, such as its fields,
    /// its conditions or its compression, does not.
    default boolean isForSubrequests() {
        return false;
    }
}
