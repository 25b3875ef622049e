package io.selvage.server.observe;

import io.selvage.server.http.Exchange;

/// Something that wants to know of every exchange of a location.
@FunctionalInterface
public interface ExchangeLog {
    /// Told once the exchange is over, on the thread of its connection; never waits.
    void log(Exchange exchange);
}
