package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import java.util.Optional;

/// How many more times an OPTIONS may be passed on (RFC 9110 §7.6.2). Of other methods, and where it is no number, it says
/// nothing.
final class MaxForwards {
    private static final String NAME = "Max-Forwards";
    private static final int MOST_DIGITS = 9;

    private MaxForwards() {
    }

    /// Whether the request is to be answered here.
    static boolean isSpent(Exchange exchange) {
        return left(exchange).filter(number -> number == 0).isPresent();
    }

    /// The client's fields as they are for the next one on the way.
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
