package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import java.util.Optional;

/// Something done before a handler: it changes the exchange, or it answers at once and the handler is not asked.
///
/// Runs on the connection's thread and may wait there.
@FunctionalInterface
public interface RequestFilter {

    Optional<Answer> take(Exchange exchange) throws Failure;
}
