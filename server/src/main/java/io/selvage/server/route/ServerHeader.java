package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import java.util.Optional;

/// Adds the `Server` field where a handler gave none.
final class ServerHeader {
    private final Text product;
    private final Optional<Named> named;                   // if the product does not depend on the exchange

    /// Adds the field. Its result for reusable fields is remembered with them.
    private record Named(String product) implements Headers.Maker<Headers, RuntimeException> {
        @Override
        public Headers of(Headers fields) {
            if (product.isEmpty() || fields.contains("Server")) {
                return fields;
            }
            Headers named = fields.with("Server", product);
            return fields.isReusable() ? named.reusable() : named;
        }
    }

    /// @param product as the field and the built-in pages name it (`server_tokens`); empty to add nothing
    ServerHeader(Text product) {
        this.product = product;
        this.named = product instanceof Template fixed && fixed.isLiteral() ? Optional.of(new Named(fixed.start()))
                : Optional.empty();
    }

    /// The product, for the built-in pages.
    String product(Exchange exchange) {
        return AddedHeaders.oneLine(product.apply(exchange));
    }

    Headers addTo(Headers fields, Exchange exchange) {
        return named.isPresent() ? fields.made(named.get()) : new Named(product(exchange)).of(fields);
    }
}
