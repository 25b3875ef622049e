package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import java.util.Optional;
import java.util.OptionalLong;

/// Refuses bodies that are too large: at once where the length is told, else as soon as more has come (`client_max_body_size`).
///
/// @param bytes the most, 0 for no bound
public record BodyLimit(long bytes) implements RequestFilter {

    @Override
    public Optional<Answer> take(Exchange exchange) throws Failure {
        OptionalLong told = exchange.body().length();
        if (bytes > 0 && told.isPresent() && told.getAsLong() > bytes) {
            throw Failure.downstream(Failure.What.TOO_LARGE,
                    "client intended to send too large body: " + told.getAsLong() + " bytes");
        }
        exchange.body().limit(bytes);
        return Optional.empty();
    }
}
