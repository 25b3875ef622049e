package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import java.util.List;
import java.util.Optional;

/// A location's way to its handler: steps one after the other, until one answers.
///
/// nginx's order is [Rules] and [BodyLimit], then rewriting ([Return]), then [LimitRequests] and [LimitConnections], then
/// [Access].
public record Steps(List<Step> steps, Handler handler) implements Handler {
    public Steps {
        steps = List.copyOf(steps);
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        for (Step step : steps) {
            Optional<Answer> answer = step.take(exchange);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        return handler.handle(exchange);
    }
}
