package io.selvage.server.http;

import java.util.function.Function;

/// A string that may depend on the exchange: a literal, a variable, or several of both joined.
///
/// A variable without a value is the empty string. Evaluated on the thread of the exchange; must not wait.
@FunctionalInterface
public interface Text extends Function<Exchange, String> {

    static Text literal(String value) {
        return Template.literal(value);
    }
}
