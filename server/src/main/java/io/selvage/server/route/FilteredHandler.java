package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import java.util.List;
import java.util.Optional;

/// A location's way to its handler: steps one after the other, until one answers.
///
/// nginx's order is [ApplyLocationSettings] and [BodyLimit], then rewriting ([Return]), then [RequestLimitFilter] and
/// [ConnectionLimitFilter], then [Access].
public record FilteredHandler(List<RequestFilter> steps, Handler handler) implements Handler {
    public FilteredHandler {
        steps = List.copyOf(steps);
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        for (RequestFilter step : steps) {
            Optional<Answer> answer = step.take(exchange);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        return handler.handle(exchange);
    }
}
