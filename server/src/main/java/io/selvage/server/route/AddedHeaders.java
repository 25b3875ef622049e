package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Adds fields to answers (`add_header`). `Last-Modified` and `ETag` take the place of those that are there.
///
/// @param fields in their order
public record AddedHeaders(List<Field> fields) implements ResponseFilter {
    /// Statuses to which something is added without `always`.
    private static final Set<Integer> GOOD = Set.of(200, 201, 204, 206, 301, 302, 303, 304, 307, 308);

    /// @param name empty for a line that adds nothing
    /// @param value nothing is added where it is empty; an empty `Last-Modified` or `ETag` removes the field
    /// @param always whatever the status
    public record Field(String name, Text value, boolean always) {
        boolean replaces() {
            return Headers.same(name, "Last-Modified") || Headers.same(name, "ETag");
        }
    }

    public AddedHeaders {
        fields = fields.stream().filter(field -> !field.name.isEmpty()).toList();
    }

    /// True for a status to which fields are added without `always`.
    public static boolean isGood(Status status) {
        return GOOD.contains(status.code());
    }

    @Override
    public String directive() {
        return "add_header";
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        boolean good = isGood(reply.head().status());
        Headers headers = reply.head().headers();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (good || field.always) {
                headers = added(headers, field, oneLine(field.value.apply(exchange)));
            }
        }
        return reply.withHeaders(headers);
    }

    @Override
    public String describe(Exchange exchange) {
        return fields.stream().map(field -> field.name + ": " + oneLine(field.value.apply(exchange))
                + (field.always ? "" : " (not for errors)")).collect(Collectors.joining(", ", "adds ", ""));
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return isGood(reply.head().status()) ? "the values are empty" : "without always, not for " + reply.head().status().code();
    }

    private static Headers added(Headers headers, Field field, String value) {
        if (field.replaces()) {
            return value.isEmpty() ? headers.without(field.name) : headers.replacing(field.name, value);
        }
        return value.isEmpty() ? headers : headers.with(field.name, value);
    }

    /// Values may come from outside, and a decoded path may hold what ends a line (RFC 9110 §5.5).
    public static String oneLine(String value) {
        return value.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
    }
}
