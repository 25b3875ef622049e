package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;

/// Something done before a handler: it changes the exchange, answers in place of the handler, or sends the request elsewhere.
///
/// Runs on the connection's thread and may wait there.
@FunctionalInterface
public interface RequestFilter {

    FilterResult filter(Exchange exchange) throws Failure;
}
