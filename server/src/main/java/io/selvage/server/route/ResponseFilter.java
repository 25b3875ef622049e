package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;

/// A change to the answer of a location before it is sent, error pages and built-in pages included.
@FunctionalInterface
public interface ResponseFilter {

    /// @param reply with the status that the client will see
    Reply touch(Exchange exchange, Reply reply);
}
