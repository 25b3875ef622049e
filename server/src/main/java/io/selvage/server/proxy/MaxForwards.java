package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import java.util.Optional;

/// The `Max-Forwards` field: how many more times an OPTIONS request may be passed on (RFC 9110 §7.6.2). It has no effect on other
/// methods, or where it is no number.
final class MaxForwards {
    private static final String NAME = "Max-Forwards";
    private static final int MOST_DIGITS = 9;

    private MaxForwards() {
    }

    /// True if the request may not be passed on: the answer is ours.
    static boolean isSpent(Exchange exchange) {
        return left(exchange).filter(number -> number == 0).isPresent();
    }

    /// The client's fields, with `Max-Forwards` lowered by one where it counts.
    static Headers lowered(Exchange exchange) {
        Headers fields = exchange.headers();
        return left(exchange).map(number -> fields.replacing(NAME, Integer.toString(Math.max(0, number - 1)))).orElse(fields);
    }

    private static Optional<Integer> left(Exchange exchange) {
        if (!exchange.routing().method().equals(Method.OPTIONS)) {
            return Optional.empty();
        }
        return exchange.headers().joined(NAME)
                .filter(value -> !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(digits -> Integer.parseInt(digits.substring(0, Math.min(MOST_DIGITS, digits.length()))));
    }
}
