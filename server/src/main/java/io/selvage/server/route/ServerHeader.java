package io.selvage.server.route;

import io.selvage.server.http.Headers;

/// Adds the `Server` field where a handler gave none. Its result for reusable fields is remembered with them.
///
/// @param product as the field and the built-in pages name it (`server_tokens`); empty to add nothing
record ServerHeader(String product) implements Headers.Maker<Headers, RuntimeException> {

    Headers addTo(Headers fields) {
        return product.isEmpty() ? fields : fields.made(this);
    }

    @Override
    public Headers of(Headers fields) {
        if (fields.contains("Server")) {
            return fields;
        }
        Headers named = fields.with("Server", product);
        return fields.isReusable() ? named.reusable() : named;
    }
}
