package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Folder;
import java.util.Optional;

/// Makes the rules of a location hold for the exchange. Never answers.
///
/// @param client how the client's connection is treated
/// @param folder where the location's files lie
public record ApplyLocationSettings(ClientOptions client, Folder folder) implements RequestFilter {

    @Override
    public Optional<Answer> take(Exchange exchange) {
        exchange.routing().options(client);
        exchange.routing().folder(folder);
        return Optional.empty();
    }
}
