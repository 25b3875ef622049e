package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;

/// Receives every exchange of a location.
@FunctionalInterface
public interface ExchangeLog {
    /// Called once when the exchange has ended, on the thread of its connection. Must not wait.
    void log(Exchange exchange);

    /// Where an exchange is logged and how, for people.
    default String describe(Exchange exchange) {
        return Explanation.nameOf(this);
    }
}
