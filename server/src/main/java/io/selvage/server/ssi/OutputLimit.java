package io.selvage.server.ssi;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.route.RequestFilter;
import java.util.Optional;

/// Sets how long an answer of the location may be that becomes a variable of a page (`subrequest_output_buffer_size`).
///
/// @param bytes at most
public record OutputLimit(int bytes) implements RequestFilter {
    /// Of locations without such a filter.
    public static final int DEFAULT = 4096;

    /// The limit of the location that an exchange is in.
    private static final class Current {
        private int bytes = DEFAULT;
    }

    @Override
    public FilterResult filter(Exchange exchange) {
        exchange.state(Current.class, Current::new).bytes = bytes;
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        return filter(exchange);
    }

    static int of(Exchange exchange) {
        Optional<Current> current = exchange.state(Current.class);
        return current.isPresent() ? current.get().bytes : DEFAULT;
    }
}
