package io.selvage.server.transform;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.SourceFilter;
import io.selvage.server.route.AddedHeaders;
import io.selvage.server.route.AddedHeaders.Field;
import io.selvage.server.route.ResponseFilter;
import java.util.List;
import java.util.OptionalLong;

/// Adds fields behind the body of responses (`add_trailer`), which has chunks then. The last of the filters, since the others
/// may need the length of the body.
///
/// @param fields in their order
public record AddedTrailers(List<Field> fields) implements ResponseFilter {
    public AddedTrailers {
        fields = fields.stream().filter(field -> !field.name().isEmpty()).toList();
    }

    @Override
    public String directive() {
        return "add_trailer";
    }

    @Override
    public String describe(Exchange exchange) {
        return "adds fields behind the body";
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        boolean possible = hasTrailers(exchange) && !reply.head().status().isBodiless()
                && !exchange.request().method().equals(Method.HEAD);
        boolean good = AddedHeaders.isGood(reply.head().status());
        List<Field> added = possible ? fields.stream().filter(field -> good || field.always()).toList() : List.of();
        if (added.isEmpty()) {
            return reply;
        }
        return new Reply(reply.head().withHeaders(reply.head().headers().without("Content-Length")),
                new Body.Stream(new WithTrailers(BodyReader.of(reply.body()), exchange, added)));
    }

    private static boolean hasTrailers(Exchange exchange) {
        return switch (exchange.request().version()) {
            case HTTP_1_0 -> false;
            case HTTP_1_1 -> exchange.routing().options().sending().chunked();
            case HTTP_2 -> true;
        };
    }

    /// A body with trailers, and thus without a length in its head.
    private static final class WithTrailers extends SourceFilter {
        private final Exchange exchange;
        private final List<Field> added;

        WithTrailers(BodySource source, Exchange exchange, List<Field> added) {
            super(source);
            this.exchange = exchange;
            this.added = added;
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        /// Those of the body, and the added ones, which are evaluated one by one: each may use those before it.
        @Override
        public Headers trailers() {
            Headers trailers = source.trailers();
            for (Field field : added) {
                exchange.outcome().trailers(trailers);
                String value = AddedHeaders.oneLine(field.value().apply(exchange));
                trailers = value.isEmpty() ? trailers : trailers.with(field.name(), value);
            }
            exchange.outcome().trailers(trailers);
            return trailers;
        }
    }
}
